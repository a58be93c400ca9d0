-- main.student_t
-- The factor of a two-sided 95 % interval: Student's t with some degrees of freedom.
-- grain:   one number
-- units:   degrees of freedom of 1 or more, fractions too; right to 0.2 %, which shows
--          in no interval that is rounded to a tenth of a point
-- example: select student_t(11.0)
create or replace macro main.student_t(degrees) as
case
    when degrees < 1 then null
    -- 12.706 at 1 and 4.303 at 2; between them a parabola in 1 / degrees
    when degrees < 2
        then exp(0.602138 + 1.488422 / degrees + 0.451530 / (degrees * degrees))
        -- Cornish and Fisher's expansion around the normal 1.95996
    else
        1.959964
        + 2.372271 / degrees
        + 2.822499 / power(degrees, 2)
        + 2.555850 / power(degrees, 3)
        + 1.589534 / power(degrees, 4)
        + 1 / power(degrees, 5)
end;

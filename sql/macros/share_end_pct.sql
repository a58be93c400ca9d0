-- main.share_end_pct
-- One end of the 95 % interval of a share: Wilson's, as claims are judged with.
-- grain:   one number
-- units:   share is 0-1; margin is what margin_pct gives, in points; side is -1 for the
--          lower end and 1 for the upper one; percent (0-100)
-- counts:  an end is the truth from which the finding lies just the margin of that
--          truth away; where all or none name a thing the margin itself is taken
-- example: select share_end_pct(0.1, 5.0, -1)
create or replace macro main.share_end_pct(share, margin, side) as (
    case
        when share > 0 and share < 1
            then 100 * (
                share + power(margin / 100, 2) / (2 * share * (1 - share))
                + side * sqrt(
                    power(margin / 100, 2)
                    + power(power(margin / 100, 2) / (share * (1 - share)), 2) / 4
                )
            ) / (1 + power(margin / 100, 2) / (share * (1 - share)))
        else least(greatest(100 * share + side * margin, 0), 100)
    end
);

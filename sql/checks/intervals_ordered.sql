-- check.intervals_ordered
-- An interval whose lower end lies above its upper one, that does not hold what it is
-- the interval of, or an end that is no finite number.
-- why:     no row may offend; every pair of columns whose names say that they are ends
--          is looked at: low and high, p25 and p75, min and max (set 2026-11)
select
    relation,
    column_name,
    low,
    middle,
    high,
    row
from lake.unordered
where not is_day;

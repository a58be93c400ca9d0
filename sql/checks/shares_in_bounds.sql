-- check.shares_in_bounds
-- A share outside 0 to 100 %, or a count below zero.
-- why:     no row may offend; every column whose name says that it is a share (_pct), a
--          p or q value (0 to 1) or a count (n_) is looked at (set 2026-11)
select
    relation,
    column_name,
    low,
    high,
    row_of_high
from lake.column_ranges
where
    low < 0
    or (ends_with(column_name, '_pct') and high > 100)
    or (ends_with(column_name, '_value') and high > 1);

-- check.days_in_order
-- A first day after the last one, or a posting closed before it was first seen.
-- why:     no row may offend; what was open on a day is counted by these. Every pair of
--          columns that are named first_ and last_ is looked at (set 2026-11)
select
    relation,
    column_name,
    low as first_day,
    high as last_day,
    row
from lake.unordered
where is_day;

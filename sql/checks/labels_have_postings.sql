-- check.labels_have_postings
-- A label, place, framework or mention, or any other row, of a posting that was not
-- kept.
-- why:     no row may offend; joins would lose it in silence (set 2026-11). Every
--          table with a posting_id is looked at
select
    relation,
    value as posting_id,
    row
from lake.orphans
where column_name = 'posting_id';

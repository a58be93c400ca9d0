-- check.employers_known
-- An employer that is not in core.employers: its postings would be nobody's.
-- why:     no row may offend; who counts employers counts rows of that table (set
--          2026-11). An alias may name one that no posting of ours is from
select
    relation,
    value as employer_id,
    row
from lake.orphans
where column_name = 'employer_id' and relation <> 'core.employer_aliases';

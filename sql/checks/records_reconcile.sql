-- check.records_reconcile
-- A source whose records were not all kept, set aside or superseded: some were lost or
-- counted twice.
-- why:     no row may offend; nothing is dropped in silence (set 2026-11)
select
    source,
    n_read,
    n_kept,
    n_rejected,
    n_superseded,
    n_kept + n_rejected + n_superseded - n_read as n_unexplained
from lake.source_counts
where n_read <> n_kept + n_rejected + n_superseded;

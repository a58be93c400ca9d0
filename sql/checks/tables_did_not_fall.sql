-- check.tables_did_not_fall
-- A table of core or mart with over 20 % fewer rows than in the file published before.
-- why:     a join that loses rows leaves every source as large as it was. Tables that
--          had under 20 rows prove nothing, and fewer records set aside are good news.
--          --accept-drop SOURCE confirms the fall of a source, whose rows are then
--          left out on both sides; --accept-drop TABLE that of a table (set 2026-11)
with

accepted as (
    select source as relation
    from lake.accepted_drops
)

select
    counts.relation,
    counts.n_rows_before,
    counts.n_rows_now
from lake.table_rows as counts
anti join accepted using (relation)
where
    counts.relation <> 'core.rejects'
    and counts.n_rows_before >= 20
    and counts.n_rows_now < 0.8 * counts.n_rows_before;

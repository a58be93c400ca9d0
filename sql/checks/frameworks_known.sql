-- check.frameworks_known
-- A framework that is not in core.frameworks: it would be missing from every mart.
-- why:     no row may offend; the list is closed (set 2026-11). Every table with a
--          framework is looked at
select
    relation,
    value as framework,
    row
from lake.orphans
where column_name = 'framework';

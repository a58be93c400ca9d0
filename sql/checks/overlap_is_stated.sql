-- check.overlap_is_stated
-- mart.framework_demand without the warning that its rows overlap, or with a row that
-- fixes more than two dimensions.
-- why:     no row may offend; who sums overlapping rows counts postings several times,
--          and the comment is the only place where an ad hoc reader is told (set
--          2026-11)
select
    'comment' as what,
    table_name as seen
from duckdb_tables()
where
    schema_name = 'mart'
    and table_name = 'framework_demand'
    and coalesce(comment, '') not like '%must not be summed%'
union all
select distinct
    'more than two fixed' as what,
    concat_ws(' / ', source, region, country, metro, role, employer_kind) as seen
from mart.framework_demand
where
    if(source = 'all', 1, 0)
    + if(region = 'all', 1, 0)
    + if(country = 'all', 1, 0)
    + if(metro = 'all', 1, 0)
    + if(role = 'all', 1, 0)
    + if(employer_kind = 'all', 1, 0)
    < 4;

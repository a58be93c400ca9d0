-- check.demand_cells_complete
-- A framework that stands in a cell twice, or is missing from one: a missing zero reads
-- as "not measured".
-- why:     no row may offend; every framework has one row in each cell (set 2026-11).
--          Cells are compared by number: grouping millions of rows by eight columns
--          would cost more than building them
with

rows_per_framework as (
    select
        framework,
        count(*) as n_rows
    from mart.framework_demand
    group by all
),

fullest_framework as (
    select arg_max(framework, n_rows) as framework
    from rows_per_framework
),

cells as (
    select distinct
        demand.month,
        demand.source,
        demand.region,
        demand.country,
        demand.metro,
        demand.role,
        demand.employer_kind
    from mart.framework_demand as demand
    semi join fullest_framework using (framework)
),

expected as (
    select count(*) as n_cells
    from cells
)

select
    frameworks.framework,
    expected.n_cells,
    coalesce(rows_per_framework.n_rows, 0) as n_rows
from core.frameworks
cross join expected
left join rows_per_framework
    on frameworks.framework = rows_per_framework.framework
where coalesce(rows_per_framework.n_rows, 0) <> expected.n_cells;

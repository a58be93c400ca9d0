-- check.demand_within_totals
-- A cell that counts more than the 'all' row of its month.
-- why:     no row may offend; rows overlap, so they cannot be checked by their sum, but
--          none can hold more than the whole (set 2026-11)
with

totals as (
    select
        month,
        framework,
        n_naming,
        n_postings,
        n_dl_postings,
        n_employers
    from mart.framework_demand
    where
        source = 'all'
        and region = 'all'
        and country = 'all'
        and metro = 'all'
        and role = 'all'
        and employer_kind = 'all'
),

-- the largest of each month and framework tell whether any cell is too large
largest as (
    select
        month,
        framework,
        max(n_naming) as n_naming,
        max(n_postings) as n_postings,
        max(n_dl_postings) as n_dl_postings,
        max(n_employers) as n_employers
    from mart.framework_demand
    group by all
),

exceeded as (
    select
        month,
        largest.framework,
        totals.n_naming,
        totals.n_postings,
        totals.n_dl_postings,
        totals.n_employers
    from largest
    left join totals using (month, framework)
    where
        totals.n_postings is null
        or largest.n_naming > totals.n_naming
        or largest.n_postings > totals.n_postings
        or largest.n_dl_postings > totals.n_dl_postings
        or largest.n_employers > totals.n_employers
)

select
    cells.month,
    cells.source,
    cells.region,
    cells.country,
    cells.metro,
    cells.role,
    cells.employer_kind,
    cells.framework,
    cells.n_naming,
    exceeded.n_naming as n_naming_total,
    cells.n_postings,
    exceeded.n_postings as n_postings_total
from mart.framework_demand as cells
inner join exceeded using (month, framework)
where
    exceeded.n_postings is null
    or cells.n_naming > exceeded.n_naming
    or cells.n_postings > exceeded.n_postings
    or cells.n_dl_postings > exceeded.n_dl_postings
    or cells.n_employers > exceeded.n_employers;

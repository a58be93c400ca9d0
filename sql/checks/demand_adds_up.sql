-- check.demand_adds_up
-- A month whose cells do not add up to its total, or a total that is not that of
-- core.postings: postings were lost or counted twice on the way.
-- why:     no row may offend; every posting has exactly one source and one employer
--          kind, so these two may be summed, and nothing else may (set 2026-11)
with

postings as (
    select
        posting_id,
        date_trunc('month', posted_on)::date as month
    from core.postings
    where duplicate_of is null and date_kind = 'real' and posted_on is not null
),

-- counted apart: joined to every framework, millions of postings would be counted
-- dozens of times
months as (
    select
        month,
        count(*) as n_postings
    from postings
    group by all
),

named as (
    select
        postings.month,
        posting_frameworks.framework,
        count(*) as n_naming
    from core.posting_frameworks
    inner join postings using (posting_id)
    where posting_frameworks.requirement <> 'negated'
    group by all
),

one_dimension as (
    select
        month,
        source,
        employer_kind,
        framework,
        n_naming,
        n_postings
    from mart.framework_demand
    where region = 'all' and country = 'all' and metro = 'all' and role = 'all'
),

totals as (
    select
        month,
        framework,
        n_naming,
        n_postings
    from one_dimension
    where source = 'all' and employer_kind = 'all'
),

counted as (
    select
        'core.postings' as added_over,
        months.month,
        frameworks.framework,
        coalesce(named.n_naming, 0) as n_naming,
        months.n_postings
    from months
    cross join core.frameworks
    left join named
        on
            months.month = named.month
            and frameworks.framework = named.framework
    union all
    select
        'source' as added_over,
        month,
        framework,
        sum(n_naming) as n_naming,
        sum(n_postings) as n_postings
    from one_dimension
    where source <> 'all' and employer_kind = 'all'
    group by all
    union all
    select
        'employer_kind' as added_over,
        month,
        framework,
        sum(n_naming) as n_naming,
        sum(n_postings) as n_postings
    from one_dimension
    where source = 'all' and employer_kind <> 'all'
    group by all
)

select
    counted.added_over,
    month,
    framework,
    counted.n_naming as n_naming_added,
    totals.n_naming,
    counted.n_postings as n_postings_added,
    totals.n_postings
from counted
full join totals using (month, framework)
where
    counted.n_naming is distinct from totals.n_naming
    or counted.n_postings is distinct from totals.n_postings;

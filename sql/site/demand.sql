-- site.demand
-- How many deep-learning postings name each framework, by month, quarter and year.
-- grain:   source_family, granularity, period, framework
-- counts:  postings are summed from the mart's rows that fix the source and nothing
--          else, where every posting stands once; employers are counted anew, because
--          one employer may stand in several months and sources
-- units:   a share is n_naming / n_dl_postings; its interval takes n_dl_employers as
--          the sample size, 0 where a source names no employers
with

frameworks as (
    select framework
    from core.frameworks
    where is_deep_learning
),

families as (
    select distinct
        source,
        source_family
    from core.postings
),

granularities as (
    select unnest(['month', 'quarter', 'year']) as granularity
),

months as (
    select
        month,
        source,
        framework,
        n_naming,
        n_dl_postings
    from mart.framework_demand
    where
        source <> 'all'
        and region = 'all'
        and country = 'all'
        and metro = 'all'
        and role = 'all'
        and employer_kind = 'all'
        and n_dl_postings > 0
),

naming_postings as (
    select
        postings.posting_id,
        postings.source_family,
        postings.posted_on,
        postings.employer_id,
        posting_frameworks.framework
    from core.postings
    inner join core.posting_frameworks using (posting_id)
    semi join frameworks using (framework)
    where
        postings.duplicate_of is null
        and postings.date_kind = 'real'
        and postings.posted_on is not null
        and posting_frameworks.requirement <> 'negated'
),

employers as (
    select
        naming_postings.source_family,
        granularities.granularity,
        naming_postings.employer_id,
        naming_postings.framework,
        date_trunc(
            granularities.granularity, naming_postings.posted_on
        )::date as starts_on
    from naming_postings
    cross join granularities
    where naming_postings.employer_id is not null
),

dl_employers as (
    select
        source_family,
        granularity,
        starts_on,
        count(distinct employer_id) as n_dl_employers
    from employers
    group by all
),

naming_employers as (
    select
        source_family,
        granularity,
        starts_on,
        framework,
        count(distinct employer_id) as n_employers
    from employers
    group by all
),

periods as (
    select
        families.source_family,
        granularities.granularity,
        months.framework,
        date_trunc(granularities.granularity, months.month)::date as starts_on,
        sum(months.n_naming) as n_naming,
        sum(months.n_dl_postings) as n_dl_postings
    from months
    inner join families using (source)
    semi join frameworks using (framework)
    cross join granularities
    group by all
)

select
    periods.source_family,
    periods.granularity,
    periods.framework,
    periods.n_naming::bigint as n_naming,
    periods.n_dl_postings::bigint as n_dl_postings,
    case periods.granularity
        when 'year' then strftime(periods.starts_on, '%Y')
        when 'month' then strftime(periods.starts_on, '%Y-%m')
        else strftime(periods.starts_on, '%Y-Q') || quarter(periods.starts_on)
    end as period,
    coalesce(naming_employers.n_employers, 0) as n_employers,
    coalesce(dl_employers.n_dl_employers, 0) as n_dl_employers
from periods
left join naming_employers
    using (source_family, granularity, starts_on, framework)
left join dl_employers using (source_family, granularity, starts_on)
order by
    periods.source_family,
    periods.granularity,
    periods.starts_on,
    periods.framework;

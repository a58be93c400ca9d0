-- claim.ai_listings_61
-- How much the AI share of listings rose by 2024 in each country, read in six ways.
-- grain:   part, country
-- counts:  the mean of a year is that of its days; volume is the AI share times the
--          index of all listings, and its mean of a year that of the months
-- units:   numerator is the later figure minus the earlier one; denominator the earlier
with

months as (
    select
        indicator,
        entity,
        period,
        value,
        n as n_days,
        year(period) as calendar_year
    from core.indicators
    where
        indicator in ('indeed_ai_share', 'indeed_genai_share', 'indeed_postings_index')
        and period >= date '2023-01-01'
        and period < date '2025-01-01'
),

ai_months as (
    select
        entity,
        period,
        calendar_year,
        value,
        n_days
    from months
    where indicator = 'indeed_ai_share'
),

volumes as (
    select
        ai_months.entity,
        ai_months.calendar_year,
        ai_months.value * totals.value as value
    from ai_months
    inner join months as totals using (entity, period)
    where totals.indicator = 'indeed_postings_index'
),

pairs as (
    select
        'all' as part,
        'indeed_ai_share' as source,
        entity,
        sum(value * n_days) filter (where calendar_year = 2023)
        / sum(n_days) filter (where calendar_year = 2023) as earlier,
        sum(value * n_days) filter (where calendar_year = 2024)
        / sum(n_days) filter (where calendar_year = 2024) as later
    from ai_months
    group by all
    union all
    select
        'december_to_december' as part,
        'indeed_ai_share' as source,
        entity,
        max(value) filter (where period = date '2023-12-01') as earlier,
        max(value) filter (where period = date '2024-12-01') as later
    from ai_months
    group by all
    union all
    select
        'volume' as part,
        'indeed_ai_share_by_index' as source,
        entity,
        avg(value) filter (where calendar_year = 2023) as earlier,
        avg(value) filter (where calendar_year = 2024) as later
    from volumes
    group by all
    union all
    select
        'genai' as part,
        'indeed_genai_share' as source,
        entity,
        max(value) filter (where period = date '2023-12-01') as earlier,
        max(value) filter (where period = date '2024-12-01') as later
    from months
    where indicator = 'indeed_genai_share'
    group by all
    union all
    select
        'from_low' as part,
        'indeed_ai_share' as source,
        entity,
        min(value) filter (where calendar_year = 2023) as earlier,
        max(value) filter (where period = date '2024-12-01') as later
    from ai_months
    group by all
    union all
    select
        'lightcast' as part,
        'aiindex_ai_share' as source,
        entity,
        max(value) filter (where period = date '2023-01-01') as earlier,
        max(value) filter (where period = date '2024-01-01') as later
    from core.indicators
    where indicator = 'aiindex_ai_share'
    group by all
)

-- the order of the columns is given to every claim
select  -- noqa: ST06
    part,
    source,
    entity as source_family,
    'series' as frame,
    'series' as observes,
    'real' as date_kind,
    date '2024-12-01' as period,
    null::varchar as employer_id,
    1 as n_postings,
    later - earlier as numerator,
    earlier as denominator
from pairs
where earlier > 0 and later is not null
order by all;

-- claim.ai_roles_growing
-- AI postings among all postings, and beside them the AI share of Indeed's listings.
-- grain:   part, source, month, employer (null where no employer is known)
-- counts:  outside_series has a row a country: the mean of its newest 12 months against
--          that of the 12 before, a month weighing as many days as it has
-- units:   numerator is AI postings and denominator all of them; in outside_series the
--          change of a percentage, and the percentage it changed from
with

months as (
    select
        entity,
        period,
        value,
        n as n_days,
        row_number() over (partition by entity order by period desc) as nth_newest
    from core.indicators
    where indicator = 'indeed_ai_share'
),

countries as (
    select
        entity,
        max(period) as period,
        sum(value * n_days) filter (where nth_newest <= 12)
        / sum(n_days) filter (where nth_newest <= 12) as later,
        sum(value * n_days) filter (where nth_newest > 12)
        / sum(n_days) filter (where nth_newest > 12) as earlier
    from months
    where nth_newest <= 24
    group by all
    having count(*) = 24
)

select
    'all' as part,
    source,
    source_family,
    frame,
    observes,
    date_kind,
    period,
    employer_id,
    count(*) as n_postings,
    count(*) filter (where is_ai) as numerator,
    count(*) as denominator
from core.judged_postings
group by all
union all
select
    'outside_series' as part,
    'indeed_ai_share' as source,
    entity as source_family,
    'series' as frame,
    'series' as observes,
    'real' as date_kind,
    period,
    null::varchar as employer_id,
    1 as n_postings,
    later - earlier as numerator,
    earlier as denominator
from countries
order by all;

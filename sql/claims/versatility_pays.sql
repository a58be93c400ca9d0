-- claim.versatility_pays
-- Pay of AI postings that name several frameworks, against comparable ones naming one.
-- grain:   part, source, month, employer (null where no employer is known)
-- counts:  alike means the same first role, level, country, currency, source and
--          twelve months, counted back from the newest real posting date; only groups
--          that hold postings of both kinds are compared
-- units:   d is whether several are named and y the logarithm of yearly pay, each as a
--          distance from its group's mean and freed of the logarithm of 1 + the tools
--          and skills listed (frameworks would bring d in again); numerator is the sum
--          of d * y, denominator that of d * d: their ratio is log points / 100
with

newest as (
    select max(period) as period
    from core.judged_postings
    where date_kind = 'real'
),

paid as (
    select
        postings.source,
        postings.source_family,
        postings.frame,
        postings.observes,
        postings.date_kind,
        postings.period,
        postings.employer_id,
        postings.salary_currency,
        coalesce(postings.roles[1], '') as role,
        coalesce(postings.seniority[1], '') as seniority,
        coalesce(postings.countries[1], '') as country,
        floor(datediff('month', postings.period, newest.period) / 12) as block,
        ln(postings.pay_year) as pay,
        (postings.n_frameworks >= 2)::double as has_several,
        ln(1 + len(postings.tools) + len(postings.skills)) as n_listed
    from core.judged_postings as postings
    cross join newest
    where
        postings.is_ai
        and postings.n_frameworks > 0
        and postings.pay_year > 0
        and postings.salary_currency is not null
),

centred as (
    select
        *,
        pay - avg(pay) over alike as pay_off,
        has_several - avg(has_several) over alike as several_off,
        n_listed - avg(n_listed) over alike as listed_off
    from paid
    window
        alike as (
            partition by
                source,
                date_kind,
                block,
                role,
                seniority,
                country,
                salary_currency
        )
    qualify max(has_several) over alike > min(has_several) over alike
),

freed as (
    select
        *,
        pay_off
        - listed_off * coalesce(
            sum(listed_off * pay_off) over slope
            / nullif(sum(listed_off * listed_off) over slope, 0),
            0
        ) as y,
        several_off
        - listed_off * coalesce(
            sum(listed_off * several_off) over slope
            / nullif(sum(listed_off * listed_off) over slope, 0),
            0
        ) as d
    from centred
    window slope as (partition by source_family, date_kind, block)
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
    sum(d * y) as numerator,
    sum(d * d) as denominator
from freed
group by all
order by all;

-- mart.breadth_pay
-- The pay stated by postings that name one deep-learning framework beside that of those
-- that name several, over all and within a role, a seniority or a country.
-- grain:   time_window, source_family, salary_currency, trait, label, breadth
-- counts:  canonical postings that name a deep-learning framework and state pay;
--          tf.keras is one framework; all_time includes undated postings. A posting may
--          carry several labels, so rows must not be summed. n_paid_postings_raw counts
--          repeats too; a cell of repeats only is no row. is_small: fewer than five
--          known employers behind n_paid_postings
-- units:   the middle of the stated range per year, in salary_currency; currencies are
--          never converted
with

named as (
    select
        posting_frameworks.posting_id,
        count(*) as n_mentioned,
        -- tf.keras is two mentions and one thing named
        count(*) filter (
            where
            posting_frameworks.framework in ('keras', 'tensorflow')
            and posting_frameworks.is_joint
        ) as n_joint
    from core.posting_frameworks
    inner join core.frameworks
        on posting_frameworks.framework = frameworks.framework
    where
        frameworks.is_deep_learning and posting_frameworks.requirement <> 'negated'
    group by all
),

breadths as (
    select
        posting_id,
        case when n_mentioned - (n_joint = 2)::integer > 1 then 'several' else 'one' end
            as breadth
    from named
),

postings as (
    select
        posting_id,
        source_family,
        employer_id,
        salary_currency,
        duplicate_of is null as is_canonical,
        list_avg([salary_min_year, salary_max_year]) as pay_year,
        unnest(
            case
                when posted_on is null or date_kind = 'none' then ['all_time']
                else ['all_time', year(posted_on)::varchar]
            end
        ) as time_window
    from core.postings
    where
        salary_currency is not null
        and coalesce(salary_min_year, salary_max_year) is not null
),

labels as (
    select
        posting_id,
        'all' as trait,
        'all' as label
    from breadths
    union all
    select
        posting_id,
        'role' as trait,
        role as label
    from core.posting_roles
    union all
    select
        posting_id,
        'seniority' as trait,
        seniority as label
    from core.posting_seniority
    union all
    select distinct
        posting_id,
        'country' as trait,
        country as label
    from core.posting_places
    where country is not null
),

counted as (
    select
        postings.time_window,
        postings.source_family,
        postings.salary_currency,
        labels.trait,
        labels.label,
        breadths.breadth,
        count(*) filter (where postings.is_canonical) as n_paid_postings,
        quantile_cont(postings.pay_year, 0.25) filter (where postings.is_canonical)
            as pay_p25_year,
        quantile_cont(postings.pay_year, 0.5) filter (where postings.is_canonical)
            as pay_median_year,
        quantile_cont(postings.pay_year, 0.75) filter (where postings.is_canonical)
            as pay_p75_year,
        count(distinct postings.employer_id) filter (where postings.is_canonical)
            as n_employers,
        count(*) as n_paid_postings_raw
    from postings
    inner join breadths using (posting_id)
    inner join labels using (posting_id)
    group by all
    having count(*) filter (where postings.is_canonical) > 0
)

select
    time_window,
    source_family,
    salary_currency,
    trait,
    label,
    breadth,
    n_paid_postings,
    n_employers,
    n_paid_postings_raw,
    round(pay_p25_year) as pay_p25_year,
    round(pay_median_year) as pay_median_year,
    round(pay_p75_year) as pay_p75_year,
    n_employers < 5 as is_small
from counted
order by source_family, salary_currency, time_window, trait, label, breadth;

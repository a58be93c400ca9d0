-- site.demand_pay
-- The pay stated beside each framework, as main.salary_by_framework has it; framework
-- 'all' is every AI posting that states pay.
-- grain:   source_family, time_window, salary_currency, framework
-- counts:  canonical AI postings that state pay; source_family 'all' is every source
--          together; last_24_months are the calendar months up to that of the run's
--          day, real dates only; n_employers are distinct known employers
-- units:   the middle of the stated range per year, in salary_currency; currencies are
--          never converted
with

postings as (
    select
        posting_no,
        source_family,
        employer_id,
        salary_currency,
        list_avg([salary_min_year, salary_max_year]) as pay_year,
        if(date_kind = 'real', posted_on, null) as posted_on
    from core.postings
    where
        is_ai
        and duplicate_of is null
        and salary_currency is not null
        and coalesce(salary_min_year, salary_max_year) is not null
),

newest_run as (
    select date_trunc('month', as_of)::date - interval 23 month as since
    from ops.runs
    order by started_at desc
    limit 1
),

scopes as (
    select
        postings.posting_no,
        postings.employer_id,
        postings.salary_currency,
        postings.pay_year,
        unnest(['all', postings.source_family]) as source_family,
        'all_time' as time_window
    from postings
    union all
    select
        postings.posting_no,
        postings.employer_id,
        postings.salary_currency,
        postings.pay_year,
        unnest(['all', postings.source_family]) as source_family,
        'last_24_months' as time_window
    from postings
    inner join newest_run on postings.posted_on >= newest_run.since
),

named as (
    select
        posting_no,
        framework
    from core.posting_frameworks
    where requirement <> 'negated'
    union all
    select
        posting_no,
        'all' as framework
    from postings
)

select
    scopes.source_family,
    scopes.time_window,
    scopes.salary_currency,
    named.framework,
    count(*) as n_paid_postings,
    count(distinct scopes.employer_id) as n_employers,
    round(quantile_cont(scopes.pay_year, 0.25))::bigint as pay_p25_year,
    round(quantile_cont(scopes.pay_year, 0.5))::bigint as pay_median_year,
    round(quantile_cont(scopes.pay_year, 0.75))::bigint as pay_p75_year
from scopes
inner join named using (posting_no)
group by all
order by
    scopes.source_family asc,
    scopes.time_window asc,
    scopes.salary_currency asc,
    n_paid_postings desc,
    named.framework asc;

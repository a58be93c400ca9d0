-- mart.framework_pay
-- The pay stated beside each framework; framework 'all' is every AI posting with pay.
-- grain:   time_window, source_family, salary_currency, framework
-- counts:  canonical AI postings that state pay; all_time includes undated postings.
--          n_paid_postings_raw counts repeats too; a cell of repeats only is no row,
--          for there is no pay to give. is_small: fewer than five known employers
--          behind n_paid_postings
-- units:   the middle of the stated range per year, in salary_currency; currencies are
--          never converted
with

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
        is_ai
        and salary_currency is not null
        and coalesce(salary_min_year, salary_max_year) is not null
),

named as (
    select
        posting_id,
        framework
    from core.posting_frameworks
    where requirement <> 'negated'
    union all
    select
        posting_id,
        'all' as framework
    from core.postings
)

select
    postings.time_window,
    postings.source_family,
    postings.salary_currency,
    named.framework,
    count(*) filter (where postings.is_canonical) as n_paid_postings,
    round(quantile_cont(postings.pay_year, 0.25) filter (where postings.is_canonical))
        as pay_p25_year,
    round(quantile_cont(postings.pay_year, 0.5) filter (where postings.is_canonical))
        as pay_median_year,
    round(quantile_cont(postings.pay_year, 0.75) filter (where postings.is_canonical))
        as pay_p75_year,
    count(distinct postings.employer_id) filter (where postings.is_canonical)
        as n_employers,
    count(distinct postings.employer_id) filter (where postings.is_canonical) < 5
        as is_small,
    count(*) as n_paid_postings_raw
from postings
inner join named using (posting_id)
group by all
having count(*) filter (where postings.is_canonical) > 0
order by
    postings.source_family,
    postings.salary_currency,
    postings.time_window,
    named.framework;

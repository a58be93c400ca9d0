-- main.salary_by_framework
-- The pay stated beside each framework, in one currency; framework 'all' is every AI
-- posting that states pay in it.
-- grain:   framework
-- counts:  canonical AI postings that state pay, with raw := true repeats too; family,
--          since and until (days of real dates, both inclusive) narrow them; few ads
--          state pay, so n_ai_postings, stated or not, stands beside n_paid_postings
-- units:   the middle of the stated range, per year; currencies (ISO 4217) are never
--          converted, one that nobody states gives no row; is_small: fewer than
--          five known employers behind n_paid_postings
-- example: from salary_by_framework(currency := 'USD', since := '2024-01-01')
create or replace macro main.salary_by_framework(
    currency := 'USD', family := null, since := null, until := null, raw := false
) as table
    with

    postings as (
        select
            posting_no,
            employer_id,
            if(
                salary_currency = currency,
                list_avg([salary_min_year, salary_max_year]),
                null
            ) as pay_year
        from core.postings
        where
            is_ai
            and (raw or duplicate_of is null)
            and (family is null or source_family = family)
            and (since is null or (date_kind = 'real' and posted_on >= since::date))
            and (until is null or (date_kind = 'real' and posted_on <= until::date))
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
    ),

    known as (
        select
            case
                when regexp_full_match(currency, '[A-Z]{3}') then true
                else error(
                    'currency: expected a code of ISO 4217 such as USD, saw '''
                    || coalesce(currency, 'null')
                    || ''''
                )
            end as is_known
    )

    select
        named.framework,
        currency as salary_currency,
        count(postings.pay_year) as n_paid_postings,
        count(*) as n_ai_postings,
        count(distinct postings.employer_id)
        filter (where postings.pay_year is not null) as n_employers,
        round(quantile_cont(postings.pay_year, 0.25)) as pay_p25_year,
        round(quantile_cont(postings.pay_year, 0.5)) as pay_median_year,
        round(quantile_cont(postings.pay_year, 0.75)) as pay_p75_year,
        count(distinct postings.employer_id)
        filter (where postings.pay_year is not null) < 5 as is_small
    from postings
    inner join named using (posting_no)
    inner join known on known.is_known
    group by all
    having count(postings.pay_year) > 0
    order by n_paid_postings desc, named.framework asc;

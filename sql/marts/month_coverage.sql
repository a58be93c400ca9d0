-- mart.month_coverage
-- Which source spoke in which month: read it before reading a change into a line.
-- grain:   month, source
-- counts:  a silent month between a source's first and last is a row with 0. Postings
--          stand in the month of their date, real or proxy; undated ones are in no row.
--          What a file dates in a month, it spoke of in that month. A live source lists
--          old ads too: it spoke only from the day it was first read, in every month in
--          which postings were on show (n_on_show), and the months before are no part
--          of its span. is_small: fewer than five known employers behind n_postings
with

postings as (
    select
        source,
        employer_id,
        is_listed,
        date_kind = 'real' as is_real_date,
        duplicate_of is null as is_canonical,
        case
            when date_kind <> 'none' then date_trunc('month', posted_on)::date
        end as month,
        date_trunc('month', first_seen_on)::date as first_shown,
        date_trunc('month', last_seen_on)::date as last_shown
    from core.postings
),

published as (
    select
        source,
        month,
        count(*) filter (where is_canonical) as n_postings,
        count(*) filter (where is_canonical and is_real_date) as n_real_dates,
        count(distinct employer_id) filter (where is_canonical) as n_employers,
        count(*) as n_postings_raw,
        bool_or(not is_listed) as is_told_by_file
    from postings
    where month is not null
    group by all
),

-- few spans, each of many postings: spreading them over months stays small
spans as (
    select
        source,
        first_shown,
        last_shown,
        count(*) as n_postings
    from postings
    where is_listed and first_shown is not null and last_shown is not null
    group by all
),

shown_spans as (
    select
        source,
        n_postings,
        unnest(
            generate_series(first_shown, last_shown, interval '1 month')
        )::date as month
    from spans
),

shown as (
    select
        source,
        month,
        sum(n_postings)::bigint as n_on_show
    from shown_spans
    group by all
),

told as (
    select
        month,
        source,
        coalesce(published.n_postings, 0) as n_postings,
        coalesce(published.n_real_dates, 0) as n_real_dates,
        coalesce(published.n_employers, 0) as n_employers,
        coalesce(published.n_postings_raw, 0) as n_postings_raw,
        coalesce(shown.n_on_show, 0) as n_on_show,
        coalesce(published.is_told_by_file, false) or shown.n_on_show is not null
            as is_heard
    from published
    full join shown using (source, month)
),

spoken as (
    select
        source,
        min(month) as first_row,
        max(month) as last_row,
        min(month) filter (where is_heard) as first_month,
        max(month) filter (where is_heard) as last_month,
        count(*) filter (where is_heard) as n_months
    from told
    group by all
),

months as (
    select
        source,
        first_month,
        last_month,
        datediff('month', first_month, last_month) + 1 - n_months as n_months_missing,
        unnest(generate_series(first_row, last_row, interval '1 month'))::date as month
    from spoken
)

select
    month,
    source,
    months.first_month,
    months.last_month,
    months.n_months_missing,
    coalesce(told.is_heard, false) as is_heard,
    coalesce(told.n_postings, 0) as n_postings,
    coalesce(told.n_real_dates, 0) as n_real_dates,
    coalesce(told.n_employers, 0) as n_employers,
    coalesce(told.n_employers, 0) < 5 as is_small,
    coalesce(told.n_postings_raw, 0) as n_postings_raw,
    coalesce(told.n_on_show, 0) as n_on_show
from months
left join told using (month, source)
order by source, month;

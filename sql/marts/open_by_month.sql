-- mart.open_by_month
-- How many jobs of a source were open at the end of each month, and how many opened and
-- closed in it.
-- grain:   month, source
-- counts:  only a live source can say what is open, and only from the day it was first
--          read: where is_listed is false, the counts of open, opened, closed and left
--          are null, not 0. A job is a canonical posting with its copies on that
--          source: open from the day the first of them is seen to the day the last is
--          found closed (a closing that was taken back counts as none), so a job on two
--          sources is open in both and sources must not be summed. Not found closed and
--          no longer listed, it has left: nobody knows whether it is open. n_opened
--          leaves out what a board showed on the first day it was read, which was open
--          before: n_known is that. So n_open = that of the month before + n_known +
--          n_opened - n_closed - n_left, up to the month's end or, in the newest month,
--          as_of_on. n_postings are those dated in the month, with a real date.
--          is_small: fewer than five known employers behind n_open
with

postings as (
    select
        posting_id,
        source,
        employer_id,
        is_listed,
        first_seen_on,
        last_seen_on,
        closed_on,
        duplicate_of is null as is_canonical,
        coalesce(duplicate_of, posting_id) as job_id,
        coalesce(board, '') as board,
        case
            when date_kind = 'real' then date_trunc('month', posted_on)::date
        end as month
    from core.postings
),

published as (
    select
        source,
        month,
        count(*) filter (where is_canonical) as n_postings,
        count(*) as n_postings_raw
    from postings
    where month is not null
    group by all
),

listed as (
    select
        source,
        job_id,
        employer_id,
        first_seen_on,
        last_seen_on,
        closed_on,
        first_seen_on = min(first_seen_on) over (partition by source, board)
            as is_known,
        coalesce(closed_on, last_seen_on + 1) as gone_on
    from postings
    where is_listed
),

heard as (
    select
        source,
        min(first_seen_on) as first_on,
        max(greatest(last_seen_on, closed_on)) as last_on
    from listed
    group by all
),

months as (
    select
        source,
        last_on,
        unnest(
            generate_series(
                date_trunc('month', first_on),
                date_trunc('month', last_on),
                interval '1 month'
            )
        )::date as month
    from heard
),

month_ends as (
    select
        source,
        month,
        least(last_day(month), last_on) as as_of_on
    from months
),

jobs as (
    select
        source,
        job_id,
        min(employer_id) as employer_id,
        min_by(is_known, first_seen_on) as is_known,
        min(first_seen_on) as first_on,
        max(last_seen_on) as last_on,
        case when count(closed_on) = count(*) then max(closed_on) end as closed_on,
        count(*) as n_raw
    from listed
    group by all
),

-- the day a job's last sign of life was taken back: closed, or no longer listed
lives as (
    select
        source,
        job_id,
        employer_id,
        is_known,
        first_on,
        closed_on,
        coalesce(closed_on, last_on + 1) as gone_on
    from jobs
),

open_jobs as (
    select
        month_ends.source,
        month_ends.month,
        count(*) as n_open,
        count(distinct lives.employer_id) as n_employers
    from month_ends
    inner join lives
        on
            month_ends.source = lives.source
            and month_ends.as_of_on >= lives.first_on
            and month_ends.as_of_on < lives.gone_on
    group by all
),

open_postings as (
    select
        month_ends.source,
        month_ends.month,
        count(*) as n_open_raw
    from month_ends
    inner join listed
        on
            month_ends.source = listed.source
            and month_ends.as_of_on >= listed.first_seen_on
            and month_ends.as_of_on < listed.gone_on
    group by all
),

openings as (
    select
        source,
        date_trunc('month', first_on)::date as month,
        count(*) filter (where is_known) as n_known,
        count(*) filter (where not is_known) as n_opened
    from lives
    group by all
),

-- what is gone only after the newest day on which the source was heard is still there
endings as (
    select
        lives.source,
        date_trunc('month', lives.gone_on)::date as month,
        count(lives.closed_on) as n_closed,
        count(*) - count(lives.closed_on) as n_left
    from lives
    inner join heard using (source)
    where lives.gone_on <= heard.last_on
    group by all
),

heard_months as (
    select
        month_ends.source,
        month_ends.month,
        month_ends.as_of_on,
        coalesce(open_jobs.n_open, 0) as n_open,
        coalesce(open_postings.n_open_raw, 0) as n_open_raw,
        coalesce(open_jobs.n_employers, 0) as n_employers,
        coalesce(openings.n_known, 0) as n_known,
        coalesce(openings.n_opened, 0) as n_opened,
        coalesce(endings.n_closed, 0) as n_closed,
        coalesce(endings.n_left, 0) as n_left
    from month_ends
    left join open_jobs using (source, month)
    left join open_postings using (source, month)
    left join openings using (source, month)
    left join endings using (source, month)
)

select
    month,
    source,
    heard_months.as_of_on,
    heard_months.n_open,
    heard_months.n_known,
    heard_months.n_opened,
    heard_months.n_closed,
    heard_months.n_left,
    heard_months.n_employers,
    heard_months.n_open_raw,
    heard_months.as_of_on is not null as is_listed,
    coalesce(heard_months.n_employers, 0) < 5 as is_small,
    coalesce(published.n_postings, 0) as n_postings,
    coalesce(published.n_postings_raw, 0) as n_postings_raw
from heard_months
full join published using (month, source)
order by source, month;

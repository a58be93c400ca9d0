-- check.no_future_dates
-- A posting dated after the run, or any other date of core and mart that is.
-- why:     the newest date ends the headline window, so one misread year would move
--          every verdict. A day of grace: in Auckland it is tomorrow already (set
--          2026-11)
with

-- few or none: four rows for each of millions of postings would take their time
dated as (
    select
        postings.posting_id,
        postings.posted_on,
        postings.first_seen_on,
        postings.last_seen_on,
        postings.closed_on
    from core.postings
    cross join lake.run
    where
        greatest(
            postings.posted_on,
            postings.first_seen_on,
            postings.last_seen_on,
            postings.closed_on
        )
        > run.as_of + 1
),

days as (
    select
        posting_id,
        unnest(['posted_on', 'first_seen_on', 'last_seen_on', 'closed_on'])
            as column_name,
        unnest([posted_on, first_seen_on, last_seen_on, closed_on]) as day
    from dated
),

latest as (
    select
        'core.postings' as relation,
        posting_id as row,
        column_name,
        day
    from days
    union all
    select
        relation,
        row_of_high as row,
        column_name,
        high as day
    from lake.date_ranges
    where
        relation <> 'core.postings'
        and regexp_matches(relation, '^(core|mart)[.]')
)

select
    latest.relation,
    latest.row,
    latest.column_name,
    latest.day,
    run.as_of
from latest
cross join lake.run
where latest.day > run.as_of + 1;

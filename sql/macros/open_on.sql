-- main.open_on
-- The postings that were open on a day, as far as anybody can know.
-- grain:   posting_id
-- counts:  canonical postings, with raw := true repeats too. A posting is open from the
--          day it was first seen, or posted if that is known and earlier, to the day it
--          was last seen (evidence is 'seen'), and on to the day before it was found
--          closed ('not_yet_closed'). A source read once shows each posting on one day
--          only: assume_days keeps one that was never found closed open for so many
--          days more ('assumed'). One without any date is in no row; one that closed
--          and reopened counts as open in between.
-- example: select count(*) from open_on('2024-10-01', assume_days := 30)
create or replace macro main.open_on(day, assume_days := 0, raw := false) as table
    with

    spans as (
        select
            posting_id,
            source,
            employer,
            title,
            is_ai,
            url,
            closed_on,
            last_seen_on,
            least(
                first_seen_on, if(date_kind = 'real', posted_on, first_seen_on)
            ) as open_from
        from core.postings
        where (raw or duplicate_of is null) and first_seen_on is not null
    ),

    known as (
        select
            posting_id,
            source,
            employer,
            title,
            is_ai,
            url,
            last_seen_on,
            closed_on,
            open_from,
            case
                when day::date <= last_seen_on then 'seen'
                when day::date < closed_on then 'not_yet_closed'
                when
                    closed_on is null
                    and day::date <= last_seen_on + assume_days::integer
                    then 'assumed'
            end as evidence
        from spans
        where open_from <= day::date
    )

    select
        posting_id,
        source,
        employer,
        title,
        is_ai,
        open_from,
        last_seen_on,
        closed_on,
        evidence,
        url
    from known
    where evidence is not null
    order by open_from, posting_id;

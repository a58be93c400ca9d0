-- core.posting_places
-- The places a posting's job may be done in.
-- grain:   posting_id, country, subdivision, metro, city, region
-- counts:  a posting may name several places, so places must not be summed; a part that
--          is not known is null. The copies of an ad for other cities are one posting
--          with many places: the canonical one carries theirs too, and they keep theirs
-- memory:  made a piece at a time, by the variables first_no and last_no; without them
--          it is made whole
with

kept as (
    select
        posting_id,
        part
    from lake.kept
),

postings as (
    select
        posting_id,
        posting_no
    from core.postings
    where
        posting_no >= coalesce(getvariable('first_no')::bigint, 0)
        and posting_no <= coalesce(getvariable('last_no')::bigint, 9e18::bigint)
),

facts as (
    select
        posting_id,
        part,
        unnest(places) as place
    from lake.facts
),

places as (
    select
        posting_id,
        part,
        nullif(place['country'], '') as country,
        nullif(place['subdivision'], '') as subdivision,
        nullif(place['metro'], '') as metro,
        nullif(place['city'], '') as city,
        nullif(place['region'], '') as region,
        nullif(place['geonames_id'], 0) as geonames_id
    from facts
),

-- whose places each posting carries: its own, and those of its copies for other cities
carried as (
    select
        posting_id,
        posting_no,
        posting_id as carried_id
    from postings
    union all
    select
        postings.posting_id,
        postings.posting_no,
        canonical.posting_id as carried_id
    from lake.canonical
    inner join postings on canonical.duplicate_of = postings.posting_id
    where canonical.duplicate_reason = 'city_copy'
),

carried_rows as (
    select
        carried.posting_id,
        carried.posting_no,
        carried.carried_id,
        kept.part
    from carried
    inner join kept on carried.carried_id = kept.posting_id
)

select
    carried_rows.posting_id,
    places.country,
    places.subdivision,
    places.metro,
    places.city,
    places.region,
    carried_rows.posting_no,
    min(places.geonames_id) as geonames_id
from carried_rows
inner join places
    on
        carried_rows.carried_id = places.posting_id
        and carried_rows.part = places.part
group by all
order by carried_rows.posting_no;

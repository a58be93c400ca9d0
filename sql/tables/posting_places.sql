-- core.posting_places
-- The places a posting's job may be done in.
-- grain:   posting_id, country, subdivision, metro, city, region
-- counts:  a posting may name several places, so places must not be summed; a part that
--          is not known is null. The copies of an ad for other cities are one posting
--          with many places: the canonical one carries theirs too, and they keep theirs
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

city_copies as (
    select
        posting_id,
        duplicate_of
    from lake.canonical
    where duplicate_reason = 'city_copy'
),

own_places as (
    select
        kept.posting_id,
        places.country,
        places.subdivision,
        places.metro,
        places.city,
        places.region,
        places.geonames_id
    from kept
    inner join places using (posting_id, part)
),

all_places as (
    select
        posting_id,
        country,
        subdivision,
        metro,
        city,
        region,
        geonames_id
    from own_places
    union all
    select
        city_copies.duplicate_of as posting_id,
        own_places.country,
        own_places.subdivision,
        own_places.metro,
        own_places.city,
        own_places.region,
        own_places.geonames_id
    from own_places
    inner join city_copies using (posting_id)
)

select
    posting_id,
    all_places.country,
    all_places.subdivision,
    all_places.metro,
    all_places.city,
    all_places.region,
    postings.posting_no,
    min(all_places.geonames_id) as geonames_id
from all_places
inner join postings using (posting_id)
group by all
order by postings.posting_no;

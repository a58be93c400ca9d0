-- core.posting_places
-- The places a posting's job may be done in.
-- grain:   posting_id, country, subdivision, metro, city, region
-- counts:  a posting may name several places, so places must not be summed; a part that
--          is not known is null
with

kept as (
    select
        posting_id,
        part
    from lake.kept
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
)

select
    kept.posting_id,
    places.country,
    places.subdivision,
    places.metro,
    places.city,
    places.region,
    min(places.geonames_id) as geonames_id
from kept
inner join places using (posting_id, part)
group by all;

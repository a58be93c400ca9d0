-- core.posting_labels
-- What each posting is labelled with besides its frameworks, as lists.
-- grain:   posting_id
-- counts:  repeats included; the places of an ad's copies for other cities are its own
--          too; the tables posting_roles, posting_places and so on hold the same, one
--          label a row
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
        list_distinct(roles) as roles,
        list_distinct(seniority) as seniority,
        list_distinct(domains) as domains,
        list_distinct(tools) as tools,
        list_distinct(skills) as skills,
        list_distinct([nullif(place['country'], '') for place in places])
            as countries,
        list_distinct([nullif(place['region'], '') for place in places]) as regions,
        list_distinct([nullif(place['metro'], '') for place in places]) as metros
    from lake.facts
),

own as (
    select
        kept.posting_id,
        facts.roles,
        facts.seniority,
        facts.domains,
        facts.tools,
        facts.skills,
        facts.countries,
        facts.regions,
        facts.metros
    from kept
    inner join facts using (posting_id, part)
),

city_copies as (
    select
        posting_id,
        duplicate_of
    from lake.canonical
    where duplicate_reason = 'city_copy'
),

gained as (
    select
        city_copies.duplicate_of as posting_id,
        flatten(list(own.countries)) as countries,
        flatten(list(own.regions)) as regions,
        flatten(list(own.metros)) as metros
    from own
    inner join city_copies using (posting_id)
    group by all
)

select
    own.posting_id,
    postings.posting_no,
    list_sort(own.roles) as roles,
    list_sort(own.seniority) as seniority,
    list_sort(own.domains) as domains,
    list_sort(own.tools) as tools,
    list_sort(own.skills) as skills,
    list_sort(
        list_distinct(list_concat(own.countries, coalesce(gained.countries, [])))
    ) as countries,
    list_sort(
        list_distinct(list_concat(own.regions, coalesce(gained.regions, [])))
    ) as regions,
    list_sort(
        list_distinct(list_concat(own.metros, coalesce(gained.metros, [])))
    ) as metros
from own
inner join postings using (posting_id)
left join gained using (posting_id)
order by postings.posting_no;

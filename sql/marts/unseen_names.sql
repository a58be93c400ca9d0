-- mart.unseen_names
-- Names that postings list beside frameworks and that no list of ours knows: where a
-- new framework shows first.
-- grain:   name
-- counts:  canonical postings; spellings that differ by case, spaces, hyphens or
--          underscores are one name, under the spelling most postings use. Only names
--          in three postings or more, by two employers (or, where no employer is known,
--          from two sources) or more. n_postings_raw counts repeats too. is_small:
--          fewer than five known employers behind n_postings
with

postings as (
    select
        posting_id,
        source,
        employer_id,
        coalesce(first_seen_on, posted_on) as first_seen_on,
        coalesce(last_seen_on, posted_on) as last_seen_on
    from core.postings
    where duplicate_of is null
),

spelled as (
    select
        posting_id,
        name,
        regexp_replace(lower(name), '[\s_-]', '', 'g') as name_key
    from core.posting_unseen_names
),

-- with repeats
listings as (
    select
        name_key,
        count(distinct posting_id) as n_postings_raw
    from spelled
    group by all
),

named as (
    select
        posting_id,
        framework
    from core.posting_frameworks
    where requirement <> 'negated'
),

listed as (
    select
        postings.posting_id,
        postings.source,
        postings.employer_id,
        postings.first_seen_on,
        postings.last_seen_on,
        spelled.name_key,
        min(spelled.name) as name
    from postings
    inner join spelled using (posting_id)
    group by all
),

totals as (
    select
        name_key,
        count(*) as n_postings,
        count(distinct employer_id) as n_employers,
        count(distinct source) as n_sources,
        count(distinct source) filter (where employer_id is null) as n_nameless_sources,
        min(first_seen_on) as first_seen_on,
        max(last_seen_on) as last_seen_on,
        arg_max(posting_id, (coalesce(last_seen_on, '0001-01-01'::date), posting_id))
            as example_posting_id
    from listed
    group by all
),

-- the smallest of equally frequent spellings, so that every build picks the same
spellings as (
    select
        name_key,
        name,
        row_number() over (
            partition by name_key
            order by count(*) desc, name asc
        ) as place
    from listed
    group by name_key, name
),

frameworks as (
    select
        listed.name_key,
        named.framework,
        row_number() over (
            partition by listed.name_key
            order by count(*) desc, named.framework asc
        ) as place
    from listed
    inner join named using (posting_id)
    group by listed.name_key, named.framework
)

select
    spellings.name,
    totals.n_postings,
    totals.n_employers,
    totals.n_sources,
    totals.first_seen_on,
    totals.last_seen_on,
    frameworks.framework as beside,
    totals.example_posting_id,
    listings.n_postings_raw,
    totals.n_employers < 5 as is_small
from totals
inner join listings using (name_key)
inner join spellings
    on totals.name_key = spellings.name_key and spellings.place = 1
left join frameworks
    on totals.name_key = frameworks.name_key and frameworks.place = 1
where
    totals.n_postings >= 3
    and (totals.n_employers >= 2 or totals.n_nameless_sources >= 2)
order by totals.n_postings desc, totals.n_employers desc, spellings.name asc;

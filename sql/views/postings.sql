-- main.postings
-- Every real job once: the canonical postings, with places, roles and frameworks as
-- lists.
-- grain:   posting_id
-- counts:  canonical postings only; n_copies counts the postings it stands for, itself
--          included; a list is empty where nothing was found
-- units:   salary_min_year and salary_max_year are per year in salary_currency
with

canonical as (
    select
        posting_id,
        source,
        source_family,
        frame,
        observes,
        title,
        employer,
        employer_id,
        employer_kind,
        industry,
        posted_on,
        date_kind,
        first_seen_on,
        last_seen_on,
        closed_on,
        language,
        workplace,
        salary_min_year,
        salary_max_year,
        salary_currency,
        is_ai,
        url
    from core.postings
    where duplicate_of is null
),

copies as (
    select
        duplicate_of as posting_id,
        count(*) as n_more
    from core.postings
    where duplicate_of is not null
    group by all
),

places as (
    select
        posting_id,
        list(distinct country order by country) filter (where country is not null)
            as countries,
        list(distinct metro order by metro) filter (where metro is not null) as metros,
        list(distinct city order by city) filter (where city is not null) as cities
    from core.posting_places
    group by all
),

roles as (
    select
        posting_id,
        list(role order by role) as roles
    from core.posting_roles
    group by all
),

seniority as (
    select
        posting_id,
        list(seniority order by seniority) as seniorities
    from core.posting_seniority
    group by all
),

frameworks as (
    select
        posting_id,
        list(framework order by framework) as frameworks,
        list(framework order by framework) filter (where requirement = 'required')
            as required_frameworks
    from core.posting_frameworks
    where requirement <> 'negated'
    group by all
)

select
    canonical.posting_id,
    canonical.source,
    canonical.source_family,
    canonical.frame,
    canonical.observes,
    canonical.title,
    canonical.employer,
    canonical.employer_id,
    canonical.employer_kind,
    canonical.industry,
    canonical.posted_on,
    canonical.date_kind,
    canonical.first_seen_on,
    canonical.last_seen_on,
    canonical.closed_on,
    canonical.language,
    canonical.workplace,
    canonical.salary_min_year,
    canonical.salary_max_year,
    canonical.salary_currency,
    canonical.is_ai,
    canonical.url,
    coalesce(places.countries, []) as countries,
    coalesce(places.metros, []) as metros,
    coalesce(places.cities, []) as cities,
    coalesce(roles.roles, []) as roles,
    coalesce(seniority.seniorities, []) as seniorities,
    coalesce(frameworks.frameworks, []) as frameworks,
    coalesce(frameworks.required_frameworks, []) as required_frameworks,
    1 + coalesce(copies.n_more, 0) as n_copies
from canonical
left join copies using (posting_id)
left join places using (posting_id)
left join roles using (posting_id)
left join seniority using (posting_id)
left join frameworks using (posting_id);

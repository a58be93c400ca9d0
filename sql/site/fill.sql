-- site.fill
-- How many of each source's postings say what an analysis may need.
-- grain:   source
-- counts:  canonical postings; n_stored are all kept, so n_stored - n_postings repeat
--          another one
-- units:   every _pct is percent (0-100) of n_postings
with

postings as (
    select
        posting_id,
        source,
        employer_id,
        employer_kind,
        industry,
        date_kind,
        language,
        workplace,
        salary_min_year,
        duplicate_of
    from core.postings
),

canonical as (
    select
        posting_id,
        source,
        employer_id,
        employer_kind,
        industry,
        date_kind,
        language,
        workplace,
        salary_min_year
    from postings
    where duplicate_of is null
),

stored as (
    select
        source,
        count(*) as n_stored
    from postings
    group by all
),

placed as (
    select distinct posting_id
    from core.posting_places
),

with_role as (
    select distinct posting_id
    from core.posting_roles
    where role <> 'other'
),

shares as (
    select
        canonical.source,
        count(*) as n_postings,
        100.0 * count(canonical.employer_id) / count(*) as employer_pct,
        100.0 * count_if(canonical.employer_kind <> 'unknown') / count(*) as kind_pct,
        100.0 * count_if(canonical.industry <> 'other') / count(*) as industry_pct,
        100.0 * count_if(canonical.date_kind = 'real') / count(*) as real_date_pct,
        100.0 * count(placed.posting_id) / count(*) as place_pct,
        100.0 * count(with_role.posting_id) / count(*) as role_pct,
        100.0 * count_if(canonical.workplace <> 'unknown') / count(*) as workplace_pct,
        100.0 * count(canonical.salary_min_year) / count(*) as pay_pct,
        100.0 * count(canonical.language) / count(*) as language_pct
    from canonical
    left join placed using (posting_id)
    left join with_role using (posting_id)
    group by all
)

select
    source,
    stored.n_stored,
    shares.employer_pct,
    shares.kind_pct,
    shares.industry_pct,
    shares.real_date_pct,
    shares.place_pct,
    shares.role_pct,
    shares.workplace_pct,
    shares.pay_pct,
    shares.language_pct,
    coalesce(shares.n_postings, 0) as n_postings
from stored
left join shares using (source)
order by source;

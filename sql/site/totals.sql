-- site.totals
-- What stands behind the site as a whole.
-- grain:   one row
-- counts:  n_postings are canonical (the same ad twice is one); n_stored are all
--          postings kept
with

postings as (
    select
        posting_id,
        source,
        source_family,
        employer_id,
        posted_on,
        date_kind,
        duplicate_of
    from core.postings
),

naming_postings as (
    select distinct posting_frameworks.posting_id
    from core.posting_frameworks
    inner join core.frameworks using (framework)
    where
        frameworks.is_deep_learning
        and posting_frameworks.requirement <> 'negated'
)

select
    count(*) filter (where postings.duplicate_of is null) as n_postings,
    count(*) as n_stored,
    count(distinct postings.employer_id) as n_employers,
    count(distinct postings.source) as n_sources,
    count(distinct postings.source_family) as n_families,
    count(naming_postings.posting_id) filter (
        where postings.duplicate_of is null
    ) as n_dl_postings,
    min(year(postings.posted_on)) filter (
        where postings.date_kind <> 'none'
    ) as first_year,
    max(year(postings.posted_on)) filter (
        where postings.date_kind <> 'none'
    ) as last_year
from postings
left join naming_postings using (posting_id);

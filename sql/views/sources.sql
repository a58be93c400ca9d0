-- main.sources
-- Every source: what it holds, what it can speak to, and how it last answered.
-- grain:   source
-- counts:  n_postings counts every posting kept, n_canonical real jobs once, the rest
--          are canonical too; a source that holds nothing but was asked is a row with 0
with

dl_postings as (
    select distinct posting_frameworks.posting_id
    from core.posting_frameworks
    inner join core.frameworks using (framework)
    where
        frameworks.is_deep_learning and posting_frameworks.requirement <> 'negated'
),

held as (
    select
        postings.source,
        any_value(postings.source_family) as source_family,
        any_value(postings.frame) as frame,
        any_value(postings.observes) as observes,
        any_value(postings.date_kind) as date_kind,
        any_value(postings.licence) as licence,
        count(*) as n_postings,
        count(*) filter (where postings.duplicate_of is null) as n_canonical,
        count(dl_postings.posting_id)
        filter (where postings.duplicate_of is null) as n_dl_postings,
        count(distinct postings.employer_id)
        filter (where postings.duplicate_of is null) as n_employers,
        min(postings.posted_on)
        filter (where postings.date_kind <> 'none') as first_posted_on,
        max(postings.posted_on)
        filter (where postings.date_kind <> 'none') as last_posted_on
    from core.postings
    left join dl_postings using (posting_id)
    group by all
)

select
    source,
    held.source_family,
    held.frame,
    held.observes,
    held.date_kind,
    held.licence,
    held.first_posted_on,
    held.last_posted_on,
    source_health.status,
    source_health.last_success_on,
    source_health.silent_days,
    source_health.message,
    coalesce(held.n_postings, 0) as n_postings,
    coalesce(held.n_canonical, 0) as n_canonical,
    coalesce(held.n_dl_postings, 0) as n_dl_postings,
    coalesce(held.n_employers, 0) as n_employers
from held
full join ops.source_health using (source);

-- mart.source_coverage
-- What each source holds and what it can speak to.
-- grain:   source, source_family, frame, observes
-- counts:  n_postings (n_postings_raw, as other marts call it) counts every posting
--          kept, the other counts canonical ones. is_small: fewer than five known
--          employers
with

postings as (
    select
        posting_id,
        source,
        source_family,
        frame,
        observes,
        posted_on,
        date_kind,
        last_seen_on,
        employer_id,
        is_ai,
        is_listed,
        is_evergreen,
        duplicate_of is null as is_canonical
    from core.postings
),

dl_postings as (
    select distinct posting_frameworks.posting_id
    from core.posting_frameworks
    inner join core.frameworks
        on posting_frameworks.framework = frameworks.framework
    where
        frameworks.is_deep_learning and posting_frameworks.requirement <> 'negated'
)

select
    postings.source,
    postings.source_family,
    postings.frame,
    postings.observes,
    count(*) as n_postings,
    count(*) filter (where postings.is_canonical) as n_canonical,
    count(*) filter (where postings.is_canonical and postings.date_kind = 'real')
        as n_real_dates,
    count(*) filter (where postings.is_canonical and postings.is_ai) as n_ai_postings,
    count(dl_postings.posting_id) filter (where postings.is_canonical)
        as n_dl_postings,
    count(distinct postings.employer_id) filter (where postings.is_canonical)
        as n_employers,
    min(postings.posted_on) filter (where postings.date_kind <> 'none')
        as first_posted_on,
    max(postings.posted_on) filter (where postings.date_kind <> 'none')
        as last_posted_on,
    max(postings.last_seen_on) as last_seen_on,
    count(*) as n_postings_raw,
    count(distinct postings.employer_id) filter (where postings.is_canonical) < 5
        as is_small,
    count(*) filter (where postings.is_listed) as n_seen_live,
    count(*) filter (where postings.is_evergreen) as n_evergreen
from postings
left join dl_postings using (posting_id)
group by all
order by postings.source, postings.source_family, postings.frame, postings.observes;

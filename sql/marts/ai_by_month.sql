-- mart.ai_by_month
-- How much of what a source family lists is AI work, and how much of that names a
-- deep-learning framework, month by month; country 'all' is every posting.
-- grain:   month, source_family, frame, country
-- counts:  canonical postings with a real date; a share of all jobs can be read only
--          where frame is all_jobs. A posting may name several countries, and each
--          stands in 'all' too, so countries must not be summed. *_raw count repeats
--          too, so a row may hold repeats only. is_small: fewer than five known
--          employers behind n_postings
-- units:   ai_pct is percent (0-100) of n_postings, dl_pct of n_ai_postings
with

postings as (
    select
        posting_id,
        source_family,
        frame,
        employer_id,
        is_ai,
        duplicate_of is null as is_canonical,
        date_trunc('month', posted_on)::date as month
    from core.postings
    where date_kind = 'real' and posted_on is not null
),

countries as (
    select
        posting_id,
        'all' as country
    from postings
    union all
    select distinct
        posting_id,
        country
    from core.posting_places
    where country is not null
),

dl_postings as (
    select distinct posting_frameworks.posting_id
    from core.posting_frameworks
    inner join core.frameworks
        on posting_frameworks.framework = frameworks.framework
    where
        frameworks.is_deep_learning and posting_frameworks.requirement <> 'negated'
),

counted as (
    select
        postings.month,
        postings.source_family,
        postings.frame,
        countries.country,
        count(*) filter (where postings.is_canonical) as n_postings,
        count(*) filter (where postings.is_canonical and postings.is_ai)
            as n_ai_postings,
        count(dl_postings.posting_id) filter (where postings.is_canonical)
            as n_dl_postings,
        count(distinct postings.employer_id) filter (where postings.is_canonical)
            as n_employers,
        count(*) as n_postings_raw,
        count(*) filter (where postings.is_ai) as n_ai_postings_raw,
        count(dl_postings.posting_id) as n_dl_postings_raw
    from postings
    inner join countries using (posting_id)
    left join dl_postings using (posting_id)
    group by all
)

select
    month,
    source_family,
    frame,
    country,
    n_postings,
    n_ai_postings,
    n_dl_postings,
    n_employers,
    n_postings_raw,
    n_ai_postings_raw,
    n_dl_postings_raw,
    n_employers < 5 as is_small,
    round(100.0 * n_ai_postings / nullif(n_postings, 0), 2) as ai_pct,
    round(100.0 * n_dl_postings / nullif(n_ai_postings, 0), 2) as dl_pct
from counted
order by source_family, frame, country, month;

-- mart.demand_by_month
-- The share of each framework among the postings of a source family that name any
-- deep-learning framework, month by month.
-- grain:   month, source_family, framework
-- counts:  canonical postings with a real date; *_raw count repeats too, each in its
--          own month and family, so a row may hold repeats only (n_postings 0).
--          Families are never added up, because their mix changes from month to month.
--          is_small: fewer than five known employers behind n_dl_postings
-- units:   share_pct is percent (0-100) of n_could_show, which is n_dl_postings without
--          those of a source that shows a fixed list of words without the framework;
--          null outside the deep-learning set and where n_could_show is 0
with

postings as (
    select
        posting_id,
        source,
        source_family,
        employer_id,
        duplicate_of is null as is_canonical,
        date_trunc('month', posted_on)::date as month
    from core.postings
    where date_kind = 'real' and posted_on is not null
),

frameworks as (
    select
        framework,
        is_deep_learning,
        unlisted_by
    from core.frameworks
),

named as (
    select
        posting_id,
        framework,
        requirement
    from core.posting_frameworks
    where requirement <> 'negated'
),

dl_postings as (
    select distinct named.posting_id
    from named
    inner join frameworks using (framework)
    where frameworks.is_deep_learning
),

month_totals as (
    select
        postings.month,
        postings.source_family,
        count(*) filter (where postings.is_canonical) as n_postings,
        count(*) as n_postings_raw,
        count(dl_postings.posting_id) filter (where postings.is_canonical)
            as n_dl_postings,
        count(dl_postings.posting_id) as n_dl_postings_raw,
        count(distinct postings.employer_id)
        filter (where postings.is_canonical and dl_postings.posting_id is not null)
            as n_dl_employers
    from postings
    left join dl_postings using (posting_id)
    group by all
),

could_show as (
    select
        postings.month,
        postings.source_family,
        frameworks.framework,
        count(*) as n_could_show
    from postings
    semi join dl_postings using (posting_id)
    inner join frameworks
        on not list_contains(frameworks.unlisted_by, postings.source)
    where postings.is_canonical
    group by all
),

counts as (
    select
        postings.month,
        postings.source_family,
        named.framework,
        count(*) filter (where postings.is_canonical) as n_naming,
        count(*) as n_naming_raw,
        count(*) filter (where postings.is_canonical and named.requirement = 'required')
            as n_required,
        count(*)
        filter (where postings.is_canonical and named.requirement = 'preferred')
            as n_preferred,
        count(distinct postings.employer_id) filter (where postings.is_canonical)
            as n_employers
    from postings
    inner join named using (posting_id)
    group by all
),

counted as (
    select
        month_totals.month,
        month_totals.source_family,
        frameworks.framework,
        month_totals.n_postings,
        month_totals.n_dl_postings,
        month_totals.n_dl_employers,
        month_totals.n_postings_raw,
        month_totals.n_dl_postings_raw,
        coalesce(counts.n_naming, 0) as n_naming,
        coalesce(counts.n_naming_raw, 0) as n_naming_raw,
        coalesce(counts.n_required, 0) as n_required,
        coalesce(counts.n_preferred, 0) as n_preferred,
        coalesce(counts.n_employers, 0) as n_employers,
        coalesce(could_show.n_could_show, 0) as n_could_show,
        -- no share without a denominator, nor of frameworks that are no part of it
        case
            when frameworks.is_deep_learning then nullif(could_show.n_could_show, 0)
        end as denominator
    from month_totals
    cross join frameworks
    left join counts using (month, source_family, framework)
    left join could_show using (month, source_family, framework)
)

select
    month,
    source_family,
    framework,
    n_naming,
    n_required,
    n_preferred,
    n_postings,
    n_dl_postings,
    n_employers,
    n_dl_employers,
    n_naming_raw,
    n_postings_raw,
    n_dl_postings_raw,
    n_could_show,
    n_dl_employers < 5 as is_small,
    round(100.0 * n_naming / denominator, 2) as share_pct
from counted
order by source_family, month, framework;

-- mart.framework_traits
-- How often each framework is asked for among the postings of one trait: a role, a
-- seniority, an employer kind, an industry, a domain, a workplace, a tool, a skill or a
-- place.
-- grain:   time_window, source_family, trait, label, framework
-- counts:  canonical postings; all_time includes undated ones, a year those whose date
--          is only a proxy. A posting may carry several labels of one trait, so rows
--          must not be summed. *_raw count repeats too, each under its own labels, so a
--          row may hold repeats only. is_small: fewer than five known employers behind
--          the denominator, n_dl_postings
-- units:   share_pct is percent (0-100): n_naming / n_could_show, null where that is 0;
--          n_could_show is n_dl_postings without those of a source that shows a fixed
--          list of words without the framework. The share of the trait among postings
--          of the framework is n_naming / n_framework
with

postings as (
    select
        posting_id,
        source,
        source_family,
        employer_id,
        duplicate_of is null as is_canonical,
        unnest(
            case
                when posted_on is null or date_kind = 'none' then ['all_time']
                else ['all_time', year(posted_on)::varchar]
            end
        ) as time_window
    from core.postings
),

frameworks as (
    select
        framework,
        is_deep_learning
    from core.frameworks
),

unlisted as (
    select
        framework,
        unnest(unlisted_by) as source
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

labels as (
    select
        posting_id,
        'employer_kind' as trait,
        employer_kind as label
    from core.postings
    union all
    select
        posting_id,
        'industry' as trait,
        industry as label
    from core.postings
    where industry is not null
    union all
    select
        posting_id,
        'workplace' as trait,
        workplace as label
    from core.postings
    union all
    select
        posting_id,
        'role' as trait,
        role as label
    from core.posting_roles
    union all
    select
        posting_id,
        'seniority' as trait,
        seniority as label
    from core.posting_seniority
    union all
    select
        posting_id,
        'domain' as trait,
        domain as label
    from core.posting_domains
    union all
    select
        posting_id,
        'tool' as trait,
        tool as label
    from core.posting_tools
    union all
    select
        posting_id,
        'skill' as trait,
        skill as label
    from core.posting_skills
    union all
    select distinct
        posting_id,
        'region' as trait,
        region as label
    from core.posting_places
    where region is not null
    union all
    select distinct
        posting_id,
        'country' as trait,
        country as label
    from core.posting_places
    where country is not null
    union all
    select distinct
        posting_id,
        'metro' as trait,
        metro as label
    from core.posting_places
    where metro is not null
),

-- only cells with a framework in them: the others would be zero rows and nothing else
totals as (
    select
        postings.time_window,
        postings.source_family,
        labels.trait,
        labels.label,
        count(*) filter (where postings.is_canonical) as n_postings,
        count(*) as n_postings_raw,
        count(dl_postings.posting_id) filter (where postings.is_canonical)
            as n_dl_postings,
        count(dl_postings.posting_id) as n_dl_postings_raw,
        count(distinct postings.employer_id)
        filter (where postings.is_canonical and dl_postings.posting_id is not null)
            as n_dl_employers
    from postings
    inner join labels using (posting_id)
    left join dl_postings using (posting_id)
    group by all
    having count(dl_postings.posting_id) > 0
),

unlisted_totals as (
    select
        postings.time_window,
        postings.source_family,
        labels.trait,
        labels.label,
        unlisted.framework,
        count(*) as n_unlisted
    from postings
    inner join labels using (posting_id)
    inner join dl_postings using (posting_id)
    inner join unlisted using (source)
    where postings.is_canonical
    group by all
),

framework_totals as (
    select
        postings.time_window,
        postings.source_family,
        named.framework,
        count(*) filter (where postings.is_canonical) as n_framework
    from postings
    inner join named using (posting_id)
    group by all
),

counts as (
    select
        postings.time_window,
        postings.source_family,
        labels.trait,
        labels.label,
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
    inner join labels using (posting_id)
    group by all
),

counted as (
    select
        totals.time_window,
        totals.source_family,
        totals.trait,
        totals.label,
        frameworks.framework,
        frameworks.is_deep_learning,
        totals.n_postings,
        totals.n_dl_postings,
        totals.n_dl_employers,
        totals.n_postings_raw,
        totals.n_dl_postings_raw,
        coalesce(counts.n_naming, 0) as n_naming,
        coalesce(counts.n_naming_raw, 0) as n_naming_raw,
        coalesce(counts.n_required, 0) as n_required,
        coalesce(counts.n_preferred, 0) as n_preferred,
        coalesce(counts.n_employers, 0) as n_employers,
        coalesce(framework_totals.n_framework, 0) as n_framework,
        totals.n_dl_postings - coalesce(unlisted_totals.n_unlisted, 0)
            as n_could_show
    from totals
    cross join frameworks
    left join unlisted_totals
        using (time_window, source_family, trait, label, framework)
    left join counts
        using (time_window, source_family, trait, label, framework)
    left join framework_totals using (time_window, source_family, framework)
)

select
    time_window,
    source_family,
    trait,
    label,
    framework,
    n_naming,
    n_required,
    n_preferred,
    n_postings,
    n_dl_postings,
    n_framework,
    n_employers,
    n_dl_employers,
    n_naming_raw,
    n_postings_raw,
    n_dl_postings_raw,
    n_could_show,
    n_dl_employers < 5 as is_small,
    case
        when is_deep_learning
            then round(100.0 * n_naming / nullif(n_could_show, 0), 2)
    end as share_pct
from counted
order by trait, source_family, time_window, label, framework;

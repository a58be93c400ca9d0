-- mart.framework_skills
-- How often the postings that name a framework also name a tool or a group of skills;
-- framework 'all' is every posting that names one of the deep-learning set.
-- grain:   time_window, source_family, framework, kind, name
-- counts:  canonical postings; all_time includes undated ones, a year those whose date
--          is only a proxy. Kind 'group' is one of several: docker_rest_or_cloud is
--          Docker, a REST API or a cloud. What nobody names beside a framework is a row
--          with 0, also where the source cannot show it. *_raw count repeats too.
--          is_small: fewer than five known employers behind n_naming
-- units:   together_pct is percent (0-100): n_both / n_naming
with

postings as (
    select
        posting_id,
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

named as (
    select
        posting_id,
        framework
    from core.posting_frameworks
    where requirement <> 'negated'
    union all
    select distinct
        posting_frameworks.posting_id,
        'all' as framework
    from core.posting_frameworks
    inner join core.frameworks
        on posting_frameworks.framework = frameworks.framework
    where
        frameworks.is_deep_learning and posting_frameworks.requirement <> 'negated'
),

asked as (
    select
        posting_id,
        'tool' as kind,
        tool as name
    from core.posting_tools
    union all
    select
        posting_id,
        'skill' as kind,
        skill as name
    from core.posting_skills
    union all
    select distinct
        posting_id,
        'group' as kind,
        'docker_rest_or_cloud' as name
    from core.posting_tools
    where tool in ('docker', 'rest_api', 'aws', 'azure', 'gcp', 'sagemaker')
),

names as (
    select distinct
        kind,
        name
    from asked
),

naming_postings as (
    select
        postings.posting_id,
        postings.time_window,
        postings.source_family,
        postings.employer_id,
        postings.is_canonical,
        named.framework
    from postings
    inner join named using (posting_id)
),

totals as (
    select
        time_window,
        source_family,
        framework,
        count(*) filter (where is_canonical) as n_naming,
        count(distinct employer_id) filter (where is_canonical) as n_employers,
        count(*) as n_naming_raw
    from naming_postings
    group by all
),

pairs as (
    select
        naming_postings.time_window,
        naming_postings.source_family,
        naming_postings.framework,
        asked.kind,
        asked.name,
        count(*) filter (where naming_postings.is_canonical) as n_both,
        count(*) as n_both_raw
    from naming_postings
    inner join asked using (posting_id)
    group by all
)

select
    totals.time_window,
    totals.source_family,
    totals.framework,
    names.kind,
    names.name,
    totals.n_naming,
    totals.n_employers,
    totals.n_naming_raw,
    coalesce(pairs.n_both, 0) as n_both,
    totals.n_employers < 5 as is_small,
    round(100.0 * coalesce(pairs.n_both, 0) / nullif(totals.n_naming, 0), 2)
        as together_pct,
    coalesce(pairs.n_both_raw, 0) as n_both_raw
from totals
cross join names
left join pairs
    on
        totals.time_window = pairs.time_window
        and totals.source_family = pairs.source_family
        and totals.framework = pairs.framework
        and names.kind = pairs.kind
        and names.name = pairs.name
order by
    totals.source_family,
    totals.time_window,
    totals.framework,
    names.kind,
    names.name;

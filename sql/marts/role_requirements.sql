-- mart.role_requirements
-- What the AI postings of a role or a seniority ask for: frameworks, tools and groups
-- of skills; trait 'all' is every AI posting.
-- grain:   time_window, source_family, trait, label, kind, name
-- counts:  canonical AI postings; all_time includes undated ones, a year those whose
--          date is only a proxy. Framework 'any' is one or more of the deep-learning
--          set. What nobody names is a row with 0, also where the source cannot show
--          it. A posting may carry several roles and seniorities, so rows must not be
--          summed. *_raw count repeats too, so a row may hold repeats only. is_small:
--          fewer than five known employers behind n_ai_postings
-- units:   asked_pct is percent (0-100): n_asking / n_ai_postings
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
    where is_ai
),

labels as (
    select
        posting_id,
        'all' as trait,
        'all' as label
    from core.postings
    where is_ai
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
),

asked as (
    select
        posting_id,
        'framework' as kind,
        framework as name
    from core.posting_frameworks
    where requirement <> 'negated'
    union all
    select distinct
        posting_frameworks.posting_id,
        'framework' as kind,
        'any' as name
    from core.posting_frameworks
    inner join core.frameworks
        on posting_frameworks.framework = frameworks.framework
    where
        frameworks.is_deep_learning and posting_frameworks.requirement <> 'negated'
    union all
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
),

names as (
    select distinct
        kind,
        name
    from asked
),

labelled as (
    select
        postings.posting_id,
        postings.time_window,
        postings.source_family,
        postings.employer_id,
        postings.is_canonical,
        labels.trait,
        labels.label
    from postings
    inner join labels using (posting_id)
),

totals as (
    select
        time_window,
        source_family,
        trait,
        label,
        count(*) filter (where is_canonical) as n_ai_postings,
        count(distinct employer_id) filter (where is_canonical) as n_employers,
        count(*) as n_ai_postings_raw
    from labelled
    group by all
),

counts as (
    select
        labelled.time_window,
        labelled.source_family,
        labelled.trait,
        labelled.label,
        asked.kind,
        asked.name,
        count(*) filter (where labelled.is_canonical) as n_asking,
        count(*) as n_asking_raw
    from labelled
    inner join asked using (posting_id)
    group by all
)

select
    totals.time_window,
    totals.source_family,
    totals.trait,
    totals.label,
    names.kind,
    names.name,
    totals.n_ai_postings,
    totals.n_employers,
    totals.n_ai_postings_raw,
    coalesce(counts.n_asking, 0) as n_asking,
    totals.n_employers < 5 as is_small,
    round(100.0 * coalesce(counts.n_asking, 0) / nullif(totals.n_ai_postings, 0), 2)
        as asked_pct,
    coalesce(counts.n_asking_raw, 0) as n_asking_raw
from totals
cross join names
left join counts
    on
        totals.time_window = counts.time_window
        and totals.source_family = counts.source_family
        and totals.trait = counts.trait
        and totals.label = counts.label
        and names.kind = counts.kind
        and names.name = counts.name
order by
    totals.trait,
    totals.source_family,
    totals.time_window,
    totals.label,
    names.kind,
    names.name;

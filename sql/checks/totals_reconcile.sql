-- check.totals_reconcile
-- A total that is not the same at every stage: postings kept, canonical ones and
-- repeats, as the run recorded them, as they lie in core.postings, and as the marts
-- count them.
-- why:     no row may offend; a posting is canonical or a repeat of one, it has one
--          source, and what has an employer is counted with it (set 2026-11)
with

postings as (
    select
        source,
        count(*) as n_postings,
        count(*) filter (where duplicate_of is null) as n_canonical,
        count(*) filter (where duplicate_of is not null) as n_repeats
    from core.postings
    group by all
),

recorded as (
    select
        runs.source,
        runs.n_kept
    from ops.source_runs as runs
    inner join lake.run using (run_id)
),

coverage as (
    select
        source,
        sum(n_postings) as n_postings,
        sum(n_canonical) as n_canonical
    from mart.source_coverage
    group by all
),

employed as (
    select count(*) as n_postings
    from core.postings
    where duplicate_of is null and employer_id is not null
),

employers as (
    select coalesce(sum(n_postings), 0) as n_postings
    from core.employers
),

named as (
    select count(distinct posting_frameworks.posting_id) as n_postings
    from core.posting_frameworks
    inner join core.frameworks using (framework)
    inner join core.postings using (posting_id)
    where
        frameworks.is_deep_learning
        and posting_frameworks.requirement <> 'negated'
        and postings.duplicate_of is null
),

listed as (
    select count(*) as n_postings
    from core.judged_postings
    where n_frameworks > 0
),

totals as (
    select
        'kept, as the run recorded it' as stage,
        source,
        coalesce(recorded.n_kept, 0) as n_found,
        coalesce(postings.n_postings, 0) as n_expected
    from postings
    full join recorded using (source)
    union all
    select
        'kept, in mart.source_coverage' as stage,
        source,
        coalesce(coverage.n_postings, 0) as n_found,
        coalesce(postings.n_postings, 0) as n_expected
    from postings
    full join coverage using (source)
    union all
    select
        'canonical, in mart.source_coverage' as stage,
        source,
        coalesce(coverage.n_canonical, 0) as n_found,
        coalesce(postings.n_postings - postings.n_repeats, 0) as n_expected
    from postings
    full join coverage using (source)
    union all
    select
        'canonical with an employer, in core.employers' as stage,
        'all' as source,
        employers.n_postings as n_found,
        employed.n_postings as n_expected
    from employers
    cross join employed
    union all
    select
        'canonical that name a framework, in core.judged_postings' as stage,
        'all' as source,
        listed.n_postings as n_found,
        named.n_postings as n_expected
    from listed
    cross join named
)

select
    stage,
    source,
    n_found,
    n_expected
from totals
where n_found <> n_expected;

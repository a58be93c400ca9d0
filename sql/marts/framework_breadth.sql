-- mart.framework_breadth
-- How often a deep-learning framework is asked for alone, and how often among others;
-- framework 'all' is every posting that names one.
-- grain:   time_window, source_family, framework
-- counts:  canonical postings; all_time includes undated ones, a year those whose date
--          is only a proxy. Frameworks of the deep-learning set alone; tf.keras is one.
--          *_raw count repeats too, so a row may hold repeats only. is_small: fewer
--          than five known employers behind n_naming
-- units:   percent (0-100) of n_naming
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
        posting_frameworks.posting_id,
        posting_frameworks.framework,
        posting_frameworks.framework in ('keras', 'tensorflow')
        and posting_frameworks.is_joint as is_half_a_span
    from core.posting_frameworks
    inner join core.frameworks
        on posting_frameworks.framework = frameworks.framework
    where
        frameworks.is_deep_learning and posting_frameworks.requirement <> 'negated'
),

breadths as (
    select
        posting_id,
        list(framework) as frameworks,
        -- tf.keras is two mentions and one thing named
        count(*) - (count(*) filter (where is_half_a_span) = 2)::integer as n_frameworks
    from named
    group by all
),

asked as (
    select
        posting_id,
        n_frameworks,
        unnest(list_append(frameworks, 'all')) as framework
    from breadths
),

counted as (
    select
        postings.time_window,
        postings.source_family,
        asked.framework,
        count(*) filter (where postings.is_canonical) as n_naming,
        count(*) filter (where postings.is_canonical and asked.n_frameworks = 1)
            as n_alone,
        count(*) filter (where postings.is_canonical and asked.n_frameworks > 1)
            as n_several,
        count(distinct postings.employer_id) filter (where postings.is_canonical)
            as n_employers,
        count(*) as n_naming_raw,
        count(*) filter (where asked.n_frameworks = 1) as n_alone_raw
    from postings
    inner join asked using (posting_id)
    group by all
)

select
    time_window,
    source_family,
    framework,
    n_naming,
    n_alone,
    n_several,
    n_employers,
    n_naming_raw,
    n_alone_raw,
    n_employers < 5 as is_small,
    round(100.0 * n_alone / nullif(n_naming, 0), 2) as alone_pct,
    round(100.0 * n_several / nullif(n_naming, 0), 2) as several_pct
from counted
order by source_family, time_window, framework;

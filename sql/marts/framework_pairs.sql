-- mart.framework_pairs
-- How often two frameworks are named in one posting.
-- grain:   time_window, source_family, framework, other_framework
-- counts:  canonical postings; each pair stands in both orders; two frameworks that a
--          posting names in one span only (tf.keras) are no pair; all_time includes
--          undated postings. *_raw count repeats too, so a row may hold repeats only.
--          is_small: fewer than five known employers behind n_both
-- units:   together_pct is percent (0-100): n_both / n_naming, how many of those that
--          name the framework also name the other
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
        framework,
        is_joint
    from core.posting_frameworks
    where requirement <> 'negated'
),

framework_totals as (
    select
        postings.time_window,
        postings.source_family,
        named.framework,
        count(*) filter (where postings.is_canonical) as n_naming,
        count(*) as n_naming_raw
    from postings
    inner join named using (posting_id)
    group by all
),

pairs as (
    select
        postings.time_window,
        postings.source_family,
        named.framework,
        others.framework as other_framework,
        count(*) filter (where postings.is_canonical) as n_both,
        count(*) as n_both_raw,
        count(distinct postings.employer_id) filter (where postings.is_canonical)
            as n_employers
    from postings
    inner join named using (posting_id)
    inner join named as others using (posting_id)
    where
        named.framework <> others.framework
        and not (named.is_joint and others.is_joint)
    group by all
)

select
    pairs.time_window,
    pairs.source_family,
    pairs.framework,
    pairs.other_framework,
    pairs.n_both,
    pairs.n_employers,
    framework_totals.n_naming,
    pairs.n_both_raw,
    framework_totals.n_naming_raw,
    round(100.0 * pairs.n_both / nullif(framework_totals.n_naming, 0), 2)
        as together_pct,
    pairs.n_employers < 5 as is_small
from pairs
inner join framework_totals using (time_window, source_family, framework)
order by
    pairs.source_family,
    pairs.time_window,
    pairs.framework,
    pairs.other_framework;

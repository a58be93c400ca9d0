-- site.demand_pairs
-- Who is named with whom, as mart.framework_pairs has it, with intervals.
-- grain:   source_family, time_window, framework, other_framework
-- counts:  canonical postings; two frameworks named in one span only (tf.keras) are no
--          pair; source_family 'all' is every source together; last_24_months are the
--          calendar months up to that of the run's day, real dates only; frameworks are
--          the seven deep-learning ones named most; n_employers are distinct known
--          employers behind n_naming
-- units:   together_pct is percent (0-100) of n_naming, the postings that name the
--          framework; margin_pct is half the width of its 95 % interval in points, with
--          employers as clusters, null for fewer than five of them
with

postings as (
    select
        posting_no,
        source_family,
        employer_id,
        coalesce(employer_id, posting_id) as cluster,
        if(date_kind = 'real', posted_on, null) as posted_on
    from core.postings
    where duplicate_of is null
),

newest_run as (
    select date_trunc('month', as_of)::date - interval 23 month as since
    from ops.runs
    order by started_at desc
    limit 1
),

scopes as (
    select
        postings.posting_no,
        postings.cluster,
        postings.employer_id,
        unnest(['all', postings.source_family]) as source_family,
        'all_time' as time_window
    from postings
    union all
    select
        postings.posting_no,
        postings.cluster,
        postings.employer_id,
        unnest(['all', postings.source_family]) as source_family,
        'last_24_months' as time_window
    from postings
    inner join newest_run on postings.posted_on >= newest_run.since
),

named as (
    select
        posting_no,
        framework,
        is_joint
    from core.posting_frameworks
    where requirement <> 'negated'
),

drawn as (
    select named.framework
    from named
    inner join core.frameworks using (framework)
    semi join postings using (posting_no)
    where frameworks.is_deep_learning
    group by all
    order by count(*) desc, named.framework asc
    limit 7
),

chosen as (
    select
        named.posting_no,
        named.framework,
        named.is_joint
    from named
    semi join drawn using (framework)
),

chosen_clusters as (
    select
        scopes.source_family,
        scopes.time_window,
        chosen.framework,
        scopes.cluster,
        any_value(scopes.employer_id) as employer_id,
        count(*) as n
    from chosen
    inner join scopes using (posting_no)
    group by all
),

totals as (
    select
        source_family,
        time_window,
        framework,
        sum(n) as n_naming,
        count(employer_id) as n_employers,
        count(*) as n_clusters,
        sum(n * n) as n_squares
    from chosen_clusters
    group by all
),

-- who holds much of the postings pulls the share along and hides its own error
pulls as (
    select
        chosen_clusters.source_family,
        chosen_clusters.time_window,
        chosen_clusters.framework,
        chosen_clusters.cluster,
        chosen_clusters.n,
        coalesce(1 / nullif(1 - chosen_clusters.n / totals.n_naming, 0), 0) as pull
    from chosen_clusters
    inner join totals using (source_family, time_window, framework)
),

errors as (
    select
        source_family,
        time_window,
        framework,
        sum(n * n * pull) as error_of_n
    from pulls
    group by all
),

both_clusters as (
    select
        scopes.source_family,
        scopes.time_window,
        chosen.framework,
        others.framework as other_framework,
        scopes.cluster,
        count(*) as n_both
    from chosen
    inner join named as others using (posting_no)
    inner join scopes using (posting_no)
    where
        chosen.framework <> others.framework
        and not (chosen.is_joint and others.is_joint)
    group by all
),

both_counts as (
    select
        both_clusters.source_family,
        both_clusters.time_window,
        both_clusters.framework,
        both_clusters.other_framework,
        sum(both_clusters.n_both) as n_both,
        sum(both_clusters.n_both * both_clusters.n_both * pulls.pull) as error_of_both,
        sum(both_clusters.n_both * pulls.n * pulls.pull) as error_of_mixed
    from both_clusters
    inner join pulls using (source_family, time_window, framework, cluster)
    group by all
),

measured as (
    select
        both_counts.source_family,
        both_counts.time_window,
        both_counts.framework,
        both_counts.other_framework,
        both_counts.n_both,
        totals.n_naming,
        totals.n_employers,
        both_counts.n_both / totals.n_naming as share,
        case
            when totals.n_employers >= 5
                then margin_pct(
                    both_counts.n_both / totals.n_naming,
                    totals.n_naming,
                    totals.n_squares,
                    both_counts.error_of_both
                    - 2
                    * (both_counts.n_both / totals.n_naming)
                    * both_counts.error_of_mixed
                    + power(both_counts.n_both / totals.n_naming, 2)
                    * errors.error_of_n,
                    totals.n_clusters,
                    0
                )
        end as margin
    from both_counts
    inner join totals using (source_family, time_window, framework)
    inner join errors using (source_family, time_window, framework)
)

select
    source_family,
    time_window,
    framework,
    other_framework,
    n_both::bigint as n_both,
    n_naming::bigint as n_naming,
    n_employers,
    round(100 * share, 2) as together_pct,
    round(margin, 2) as margin_pct
from measured
order by
    source_family asc,
    time_window asc,
    framework asc,
    n_both desc,
    other_framework asc;

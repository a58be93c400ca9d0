-- site.demand_pairs
-- Who is named with whom, as mart.framework_pairs has it, with intervals.
-- grain:   source_family, time_window, framework, other_framework
-- counts:  canonical postings; two frameworks named in one span only (tf.keras) are no
--          pair; source_family 'all' is every source together; last_24_months are the
--          calendar months up to that of the run's day, real dates only; frameworks are
--          the seven deep-learning ones named most; n_employers are distinct known
--          employers behind n_naming, the postings that name the framework;
--          n_could_show and n_could_show_employers leave out those of a source that
--          shows a fixed list of words without the other framework
-- units:   together_pct is percent (0-100) of n_could_show; margin_pct is half the
--          width of its 95 % interval in points, with employers as clusters, null for
--          fewer than five of them
with

postings as (
    select
        posting_no,
        source,
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

-- frameworks that the same lists leave out are named beside another in the same
-- postings: in those of base 0, all of them, if none does
frameworks as (
    select
        framework,
        unlisted_by,
        if(unlisted_by = [], 0, dense_rank() over (order by unlisted_by)) as base
    from core.frameworks
),

bases as (
    select
        base,
        unlisted_by
    from frameworks
    union distinct
    select
        0 as base,
        [] as unlisted_by
),

based as (
    select
        postings.posting_no,
        postings.source_family,
        postings.cluster,
        postings.employer_id,
        postings.posted_on,
        bases.base
    from postings
    inner join bases
        on not list_contains(bases.unlisted_by, postings.source)
),

scopes as (
    select
        based.posting_no,
        based.cluster,
        based.employer_id,
        based.base,
        unnest(['all', based.source_family]) as source_family,
        'all_time' as time_window
    from based
    union all
    select
        based.posting_no,
        based.cluster,
        based.employer_id,
        based.base,
        unnest(['all', based.source_family]) as source_family,
        'last_24_months' as time_window
    from based
    inner join newest_run on based.posted_on >= newest_run.since
),

named as (
    select
        posting_frameworks.posting_no,
        posting_frameworks.framework,
        posting_frameworks.is_joint,
        frameworks.base
    from core.posting_frameworks
    inner join frameworks using (framework)
    where posting_frameworks.requirement <> 'negated'
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
        scopes.base,
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
        base,
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
        chosen_clusters.base,
        chosen_clusters.cluster,
        chosen_clusters.n,
        coalesce(1 / nullif(1 - chosen_clusters.n / totals.n_naming, 0), 0) as pull
    from chosen_clusters
    inner join totals using (source_family, time_window, framework, base)
),

errors as (
    select
        source_family,
        time_window,
        framework,
        base,
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
        scopes.base,
        scopes.cluster,
        count(*) as n_both
    from chosen
    inner join named as others using (posting_no)
    inner join scopes
        on chosen.posting_no = scopes.posting_no and others.base = scopes.base
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
        both_clusters.base,
        sum(both_clusters.n_both) as n_both,
        sum(both_clusters.n_both * both_clusters.n_both * pulls.pull) as error_of_both,
        sum(both_clusters.n_both * pulls.n * pulls.pull) as error_of_mixed
    from both_clusters
    inner join pulls
        using (source_family, time_window, framework, base, cluster)
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
        could_show.n_naming as n_could_show,
        could_show.n_employers as n_could_show_employers,
        both_counts.n_both / could_show.n_naming as share,
        case
            when could_show.n_employers >= 5
                then margin_pct(
                    both_counts.n_both / could_show.n_naming,
                    could_show.n_naming,
                    could_show.n_squares,
                    both_counts.error_of_both
                    - 2
                    * (both_counts.n_both / could_show.n_naming)
                    * both_counts.error_of_mixed
                    + power(both_counts.n_both / could_show.n_naming, 2)
                    * errors.error_of_n,
                    could_show.n_clusters,
                    0
                )
        end as margin
    from both_counts
    inner join totals
        on
            both_counts.source_family = totals.source_family
            and both_counts.time_window = totals.time_window
            and both_counts.framework = totals.framework
            and totals.base = 0
    inner join totals as could_show
        on
            both_counts.source_family = could_show.source_family
            and both_counts.time_window = could_show.time_window
            and both_counts.framework = could_show.framework
            and both_counts.base = could_show.base
    inner join errors
        on
            both_counts.source_family = errors.source_family
            and both_counts.time_window = errors.time_window
            and both_counts.framework = errors.framework
            and both_counts.base = errors.base
)

select
    source_family,
    time_window,
    framework,
    other_framework,
    n_both::bigint as n_both,
    n_naming::bigint as n_naming,
    n_employers,
    n_could_show::bigint as n_could_show,
    n_could_show_employers,
    round(100 * share, 2) as together_pct,
    round(margin, 2) as margin_pct
from measured
order by
    source_family asc,
    time_window asc,
    framework asc,
    n_both desc,
    other_framework asc;

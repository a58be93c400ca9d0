-- mart.matched_panel
-- How the share of each framework changed between two periods, over those boards only
-- that spoke in both: a source that was added or lost changes nothing.
-- grain:   comparison, period, panel, source_family, framework
-- counts:  postings with a real date. A board is what a live source lists by; a source
--          without boards is one. Panel 'boards' holds every posting of the boards
--          with postings in both periods; 'employers' only those of employers that the
--          same board showed in both. A job counts once in each period in which the
--          panel published it or a copy of it, so that it does not matter which copy is
--          the canonical one; *_raw count every copy. source_family 'all' adds boards
--          of unlike size: read a family where you can. Comparison 'year' sets a year
--          beside the one before (the newest may not be over), 'last_12_months' the
--          twelve months up to that of the newest posting beside the twelve before.
--          is_small: fewer than five known employers behind either denominator
-- units:   shares are percent (0-100) of n_dl_postings; change_points is their
--          difference in points; null where one of the two has no denominator
with

postings as (
    select
        posting_id,
        source,
        source_family,
        employer_id,
        coalesce(board, '') as board,
        coalesce(duplicate_of, posting_id) as job_id,
        date_trunc('month', posted_on)::date as month
    from core.postings
    where date_kind = 'real' and posted_on is not null
),

frameworks as (
    select framework
    from core.frameworks
    where is_deep_learning
),

named as (
    select
        posting_frameworks.posting_id,
        frameworks.framework
    from frameworks
    inner join core.posting_frameworks
        on frameworks.framework = posting_frameworks.framework
    where posting_frameworks.requirement <> 'negated'
),

years as (
    select distinct year(month) as year
    from postings
),

newest as (
    select max(month) as month
    from postings
),

steps as (
    select
        'year' as comparison,
        year::varchar as period,
        (year - 1)::varchar as period_before,
        make_date(year - 1, 1, 1) as before_month,
        make_date(year, 1, 1) as after_month,
        make_date(year + 1, 1, 1) as end_month
    from years
    union all
    select
        'last_12_months' as comparison,
        strftime(month - interval '11 months', '%Y-%m to ') || strftime(month, '%Y-%m')
            as period,
        strftime(month - interval '23 months', '%Y-%m to ')
        || strftime(month - interval '12 months', '%Y-%m') as period_before,
        (month - interval '23 months')::date as before_month,
        (month - interval '11 months')::date as after_month,
        (month + interval '1 month')::date as end_month
    from newest
    where month is not null
),

-- few months, boards and employers: presence is looked up in them, not in postings
presence as (
    select distinct
        source,
        board,
        employer_id,
        month
    from postings
),

presence_in_steps as (
    select
        steps.comparison,
        steps.period,
        presence.source,
        presence.board,
        presence.employer_id,
        bool_or(presence.month >= steps.after_month) as is_after,
        bool_or(presence.month < steps.after_month) as is_before
    from presence
    inner join steps
        on
            presence.month >= steps.before_month
            and presence.month < steps.end_month
    group by all
),

boards as (
    select
        comparison,
        period,
        source,
        board
    from presence_in_steps
    group by all
    having bool_or(is_after) and bool_or(is_before)
),

board_employers as (
    select
        comparison,
        period,
        source,
        board,
        employer_id
    from presence_in_steps
    where employer_id is not null and is_after and is_before
),

dl_postings as (
    select
        steps.comparison,
        steps.period,
        postings.posting_id,
        postings.job_id,
        postings.source,
        postings.source_family,
        postings.board,
        postings.employer_id,
        postings.month >= steps.after_month as is_after
    from postings
    semi join named using (posting_id)
    inner join steps
        on
            postings.month >= steps.before_month
            and postings.month < steps.end_month
),

panels as (
    select
        'boards' as panel,
        dl_postings.comparison,
        dl_postings.period,
        dl_postings.posting_id,
        dl_postings.job_id,
        dl_postings.source,
        dl_postings.board,
        dl_postings.employer_id,
        dl_postings.is_after,
        unnest(['all', dl_postings.source_family]) as source_family
    from dl_postings
    semi join boards using (comparison, period, source, board)
    union all
    select
        'employers' as panel,
        dl_postings.comparison,
        dl_postings.period,
        dl_postings.posting_id,
        dl_postings.job_id,
        dl_postings.source,
        dl_postings.board,
        dl_postings.employer_id,
        dl_postings.is_after,
        unnest(['all', dl_postings.source_family]) as source_family
    from dl_postings
    semi join board_employers using (comparison, period, source, board, employer_id)
),

totals as (
    select
        comparison,
        period,
        panel,
        source_family,
        count(distinct job_id) filter (where not is_after) as n_dl_postings_before,
        count(distinct job_id) filter (where is_after) as n_dl_postings,
        count(distinct employer_id) filter (where not is_after)
            as n_dl_employers_before,
        count(distinct employer_id) filter (where is_after) as n_dl_employers,
        count(distinct source) as n_sources,
        count(distinct [source, board]) as n_boards,
        count(*) filter (where not is_after) as n_dl_postings_before_raw,
        count(*) filter (where is_after) as n_dl_postings_raw
    from panels
    group by all
),

counts as (
    select
        panels.comparison,
        panels.period,
        panels.panel,
        panels.source_family,
        named.framework,
        count(distinct panels.job_id) filter (where not panels.is_after)
            as n_naming_before,
        count(distinct panels.job_id) filter (where panels.is_after) as n_naming,
        count(*) filter (where not panels.is_after) as n_naming_before_raw,
        count(*) filter (where panels.is_after) as n_naming_raw
    from panels
    inner join named using (posting_id)
    group by all
),

counted as (
    select
        totals.comparison,
        totals.period,
        steps.period_before,
        totals.panel,
        totals.source_family,
        frameworks.framework,
        totals.n_dl_postings_before,
        totals.n_dl_postings,
        totals.n_dl_employers_before,
        totals.n_dl_employers,
        totals.n_sources,
        totals.n_boards,
        totals.n_dl_postings_before_raw,
        totals.n_dl_postings_raw,
        coalesce(counts.n_naming_before, 0) as n_naming_before,
        coalesce(counts.n_naming, 0) as n_naming,
        coalesce(counts.n_naming_before_raw, 0) as n_naming_before_raw,
        coalesce(counts.n_naming_raw, 0) as n_naming_raw
    from totals
    inner join steps using (comparison, period)
    cross join frameworks
    left join counts using (comparison, period, panel, source_family, framework)
),

shares as (
    select
        *,
        100.0 * n_naming_before / nullif(n_dl_postings_before, 0) as before_pct,
        100.0 * n_naming / nullif(n_dl_postings, 0) as after_pct
    from counted
)

select
    comparison,
    period,
    period_before,
    panel,
    source_family,
    framework,
    n_naming_before,
    n_naming,
    n_dl_postings_before,
    n_dl_postings,
    n_sources,
    n_boards,
    n_dl_employers_before,
    n_dl_employers,
    n_naming_before_raw,
    n_naming_raw,
    n_dl_postings_before_raw,
    n_dl_postings_raw,
    least(n_dl_employers_before, n_dl_employers) < 5 as is_small,
    round(before_pct, 2) as share_before_pct,
    round(after_pct, 2) as share_pct,
    round(after_pct - before_pct, 2) as change_points
from shares
order by comparison, period, panel, source_family, framework;

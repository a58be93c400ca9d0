-- main.demand_over_time
-- How often one framework is asked for, by year, quarter or month, within each source
-- family; pooled := true puts the families together, whose mix changes over time.
-- grain:   period, source_family
-- counts:  canonical postings with a real date, with raw := true repeats too; a period
--          without postings of a family is no row, one in which nobody names the
--          framework is a row with 0. n_could_show is n_dl_postings without those of a
--          source that shows a fixed list of words without the framework. n_employers,
--          n_dl_employers and n_could_show_employers are distinct known employers
--          behind n_naming, n_dl_postings and n_could_show.
-- units:   period is 2024, 2024-Q3 or 2024-07; share_pct is percent (0-100) of
--          n_could_show, null where there are none or the framework is outside the
--          deep-learning set; its 95 % interval has employers as clusters; is_small:
--          fewer than five known employers behind n_could_show
-- example: from demand_over_time('pytorch', by := 'quarter') where source_family = 'hn'
create or replace macro main.demand_over_time(
    asked, "by" := 'year', pooled := false, raw := false
) as table
    with

    chosen as (
        select
            framework,
            is_deep_learning,
            unlisted_by
        from core.frameworks
        where framework = framework_named(asked)
    ),

    periods as (
        select
            case
                when "by" in ('year', 'quarter', 'month') then "by"
                else error(
                    'by: expected year, quarter or month, saw '''
                    || coalesce("by", 'null')
                    || ''''
                )
            end as kind
    ),

    -- a day's postings are counted before they are put into periods: days are few
    days as (
        select
            source_family,
            posted_on,
            count(*) as n_postings
        from core.postings
        where
            (raw or duplicate_of is null)
            and date_kind = 'real'
            and posted_on is not null
        group by all
    ),

    period_totals as (
        select
            date_trunc(periods.kind, days.posted_on)::date as period,
            if(pooled, 'all', days.source_family) as source_family,
            sum(days.n_postings) as n_postings
        from days
        cross join periods
        group by all
    ),

    named as (
        select
            posting_frameworks.posting_no,
            bool_or(frameworks.is_deep_learning) as is_dl,
            max(posting_frameworks.requirement)
            filter (where posting_frameworks.framework = chosen.framework)
                as requirement
        from core.posting_frameworks as posting_frameworks
        inner join core.frameworks as frameworks using (framework)
        cross join chosen
        where posting_frameworks.requirement <> 'negated'
        group by all
    ),

    -- only postings that name something carry an interval
    cluster_counts as (
        select
            date_trunc(periods.kind, postings.posted_on)::date as period,
            if(pooled, 'all', postings.source_family) as source_family,
            coalesce(postings.employer_id, postings.posting_id) as cluster,
            any_value(postings.employer_id) as employer_id,
            count(*) filter (where named.is_dl) as n_dl,
            count(*)
            filter (where named.is_dl and not list_contains(unlisted_by, source))
                as n,
            count(named.requirement) as n_naming,
            count(*) filter (where named.requirement = 'required') as n_required
        from core.postings as postings
        inner join named using (posting_no)
        cross join periods
        cross join chosen
        where
            (raw or postings.duplicate_of is null)
            and postings.date_kind = 'real'
            and postings.posted_on is not null
        group by all
    ),

    totals as (
        select
            period,
            source_family,
            any_value(period_totals.n_postings) as n_postings,
            coalesce(sum(n_dl), 0) as n_dl_postings,
            coalesce(sum(n), 0) as n_could_show,
            coalesce(sum(n_naming), 0) as n_naming,
            coalesce(sum(n_required), 0) as n_required,
            count(employer_id) filter (where n_naming > 0) as n_employers,
            count(employer_id) filter (where n_dl > 0) as n_dl_employers,
            count(employer_id) filter (where n > 0) as n_could_show_employers,
            count(*) filter (where n > 0) as n_clusters,
            coalesce(sum(n * n), 0) as n_squares
        from period_totals
        left join cluster_counts using (period, source_family)
        group by all
    ),

    shares as (
        select
            totals.*,
            chosen.framework,
            if(chosen.is_deep_learning, n_naming / nullif(n_could_show, 0), null)
                as share
        from totals
        cross join chosen
    ),

    -- who holds much of a period pulls its share along and hides its own error
    errors as (
        select
            cluster_counts.period,
            cluster_counts.source_family,
            sum(
                power(cluster_counts.n_naming - shares.share * cluster_counts.n, 2)
                / nullif(1 - cluster_counts.n / nullif(shares.n_could_show, 0), 0)
            ) as squared_error
        from cluster_counts
        inner join shares using (period, source_family)
        where cluster_counts.n > 0
        group by all
    ),

    measured as (
        select
            shares.*,
            margin_pct(
                shares.share,
                shares.n_could_show,
                shares.n_squares,
                coalesce(errors.squared_error, 0),
                shares.n_clusters,
                0
            ) as margin,
            case "by"
                when 'year' then strftime(period, '%Y')
                when 'quarter' then year(period) || '-Q' || quarter(period)
                else strftime(period, '%Y-%m')
            end as period_name
        from shares
        left join errors using (period, source_family)
    )

    select
        period_name as period,
        source_family,
        framework,
        n_naming::bigint as n_naming,
        n_required::bigint as n_required,
        n_dl_postings::bigint as n_dl_postings,
        n_postings::bigint as n_postings,
        n_employers,
        n_dl_employers,
        n_could_show::bigint as n_could_show,
        n_could_show_employers,
        round(100 * share, 2) as share_pct,
        if(share is null, null, round(share_end_pct(share, margin, -1), 2))
            as ci_low_pct,
        if(share is null, null, round(share_end_pct(share, margin, 1), 2))
            as ci_high_pct,
        n_could_show_employers < 5 as is_small
    from measured
    order by source_family, period;

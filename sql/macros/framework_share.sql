-- main.framework_share
-- The share of each framework among the postings that name a deep-learning framework,
-- by metro, country, region, role, seniority, employer_kind, industry, domain,
-- workplace, source, source_family, language, year, quarter, month, tool, skill or
-- requirement.
-- grain:   value, framework
-- counts:  canonical postings, with raw := true repeats too; family, since and until
--          (days of real dates, both inclusive) narrow them; a posting in two metros
--          stands in both, so values must not be added up. A framework that nobody
--          names is a row with 0. n_employers and n_dl_employers are distinct known
--          employers behind n_naming and n_dl_postings. Without family all sources
--          stand together, and their mix differs from place to place and year to year.
-- units:   share_pct is percent (0-100) of n_dl_postings, null for frameworks outside
--          the deep-learning set; ci_low_pct and ci_high_pct are its 95 % interval with
--          employers as clusters (a posting without one is a cluster of its own, which
--          makes the interval too narrow where few name their employer); is_small:
--          fewer than five known employers behind n_dl_postings
-- example: from framework_share(by := 'metro') where framework = 'pytorch'
create or replace macro main.framework_share(
    "by" := 'all', family := null, since := null, until := null, raw := false
) as table
    with

    frameworks as (
        select
            framework,
            is_deep_learning
        from core.frameworks
    ),

    named as (
        select
            posting_no,
            framework,
            requirement
        from core.posting_frameworks
        where requirement <> 'negated'
    ),

    -- only postings that name any framework can stand in a row
    naming_postings as (
        select
            named.posting_no,
            bool_or(frameworks.is_deep_learning) as is_dl
        from named
        inner join frameworks using (framework)
        group by all
    ),

    postings as (
        select
            posting_no,
            naming_postings.is_dl,
            postings.employer_id is not null as is_known,
            -- numbers are quicker to group by than ids; that two of a million employers
            -- get the same one has odds of one in ten million
            hash(coalesce(postings.employer_id, postings.posting_id)) as cluster
        from core.postings as postings
        inner join naming_postings using (posting_no)
        where
            (raw or postings.duplicate_of is null)
            and (family is null or postings.source_family = family)
            and (
                since is null
                or (postings.date_kind = 'real' and postings.posted_on >= since::date)
            )
            and (
                until is null
                or (postings.date_kind = 'real' and postings.posted_on <= until::date)
            )
    ),

    members as (
        select
            carried.value,
            posting_no,
            any_value(postings.cluster) as cluster,
            any_value(postings.is_known) as is_known,
            any_value(postings.is_dl) as is_dl
        from posting_values(by := "by", once := false) as carried
        inner join postings using (posting_no)
        group by all
    ),

    value_clusters as (
        select
            members.value,
            members.cluster,
            any_value(members.is_known) as is_known,
            count(*) as n
        from members
        where members.is_dl
        group by all
    ),

    value_totals as (
        select
            value,
            sum(n) as n_dl_postings,
            count(*) filter (where is_known) as n_dl_employers,
            count(*) as n_clusters,
            sum(n * n) as n_squares
        from value_clusters
        group by all
    ),

    -- who holds much of a value pulls its share along and hides its own error
    value_pulls as (
        select
            value_clusters.value,
            value_clusters.cluster,
            value_clusters.n,
            coalesce(
                1 / nullif(1 - value_clusters.n / value_totals.n_dl_postings, 0), 0
            ) as pull
        from value_clusters
        inner join value_totals using (value)
    ),

    value_errors as (
        select
            value,
            sum(n * n * pull) as error_of_n
        from value_pulls
        group by all
    ),

    naming as (
        select
            members.value,
            named.framework,
            members.cluster,
            any_value(members.is_known) as is_known,
            count(*) as n_naming,
            count(*) filter (where named.requirement = 'required') as n_required
        from members
        inner join named using (posting_no)
        where "by" <> 'requirement' or named.requirement = members.value
        group by all
    ),

    counts as (
        select
            naming.value,
            naming.framework,
            sum(naming.n_naming) as n_naming,
            sum(naming.n_required) as n_required,
            count(*) filter (where naming.is_known) as n_employers,
            sum(naming.n_naming * naming.n_naming * value_pulls.pull)
                as error_of_naming,
            sum(naming.n_naming * value_pulls.n * value_pulls.pull) as error_of_both
        from naming
        left join value_pulls using (value, cluster)
        group by all
    ),

    counted as (
        select
            value_totals.value,
            frameworks.framework,
            value_totals.n_dl_postings,
            value_totals.n_dl_employers,
            value_totals.n_clusters,
            value_totals.n_squares,
            value_errors.error_of_n,
            coalesce(counts.n_naming, 0) as n_naming,
            coalesce(counts.n_required, 0) as n_required,
            coalesce(counts.n_employers, 0) as n_employers,
            coalesce(counts.error_of_naming, 0) as error_of_naming,
            coalesce(counts.error_of_both, 0) as error_of_both,
            case
                when frameworks.is_deep_learning
                    then coalesce(counts.n_naming, 0) / value_totals.n_dl_postings
            end as share
        from value_totals
        inner join value_errors using (value)
        cross join frameworks
        left join counts
            on
                value_totals.value = counts.value
                and frameworks.framework = counts.framework
    ),

    measured as (
        select
            *,
            margin_pct(
                share,
                n_dl_postings,
                n_squares,
                error_of_naming
                - 2 * share * error_of_both
                + share * share * error_of_n,
                n_clusters,
                0
            ) as margin
        from counted
    )

    select
        value,
        framework,
        n_naming::bigint as n_naming,
        n_required::bigint as n_required,
        n_dl_postings::bigint as n_dl_postings,
        n_employers,
        n_dl_employers,
        round(100 * share, 2) as share_pct,
        -- no share, no interval
        if(share is null, null, round(share_end_pct(share, margin, -1), 2))
            as ci_low_pct,
        if(share is null, null, round(share_end_pct(share, margin, 1), 2))
            as ci_high_pct,
        n_dl_employers < 5 as is_small
    from measured
    order by value asc, n_naming desc, framework asc;

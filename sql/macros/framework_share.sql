-- main.framework_share
-- The share of each framework among the postings that name a deep-learning framework,
-- by metro, country, region, role, seniority, employer_kind, industry, domain,
-- workplace, source, source_family, language, year, quarter, month, tool, skill or
-- requirement.
-- grain:   value, framework
-- counts:  canonical postings, with raw := true repeats too; family, since and until
--          (days of real dates, both inclusive) narrow them; a posting in two metros
--          stands in both, so values must not be added up. A framework that nobody
--          names is a row with 0. n_could_show is n_dl_postings without those of a
--          source that shows a fixed list of words without the framework. n_employers,
--          n_dl_employers and n_could_show_employers are distinct known employers
--          behind n_naming, n_dl_postings and n_could_show. Without family all sources
--          stand together, and their mix differs from place to place and year to year.
-- units:   share_pct is percent (0-100) of n_could_show, null where that is 0 and for
--          frameworks outside the deep-learning set; ci_low_pct and ci_high_pct are its
--          95 % interval with employers as clusters (a posting without one is a cluster
--          of its own, which makes the interval too narrow where few name their
--          employer); is_small: fewer than five known employers behind n_could_show
-- example: from framework_share(by := 'metro') where framework = 'pytorch'
create or replace macro main.framework_share(
    "by" := 'all', family := null, since := null, until := null, raw := false
) as table
    with

    -- frameworks that the same lists leave out are shares of the same postings: of
    -- those of base 0, all of them, if none does
    frameworks as (
        select
            framework,
            is_deep_learning,
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

    source_bases as (
        select
            sources.source,
            list(bases.base) as bases
        from (select distinct source from core.postings) as sources
        cross join bases
        where not list_contains(bases.unlisted_by, sources.source)
        group by all
    ),

    named as (
        select
            posting_frameworks.posting_no,
            posting_frameworks.framework,
            posting_frameworks.requirement,
            frameworks.base
        from core.posting_frameworks as posting_frameworks
        inner join frameworks using (framework)
        where posting_frameworks.requirement <> 'negated'
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
            source_bases.bases,
            postings.employer_id is not null as is_known,
            -- numbers are quicker to group by than ids; that two of a million employers
            -- get the same one has odds of one in ten million
            hash(coalesce(postings.employer_id, postings.posting_id)) as cluster
        from core.postings as postings
        inner join naming_postings using (posting_no)
        inner join source_bases using (source)
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
            any_value(postings.is_dl) as is_dl,
            any_value(postings.bases) as bases
        from posting_values(by := "by", once := false) as carried
        inner join postings using (posting_no)
        group by all
    ),

    base_members as (
        select
            value,
            cluster,
            is_known,
            unnest(bases) as base
        from members
        where is_dl
    ),

    value_clusters as (
        select
            value,
            base,
            cluster,
            any_value(is_known) as is_known,
            count(*) as n
        from base_members
        group by all
    ),

    value_totals as (
        select
            value,
            base,
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
            value_clusters.base,
            value_clusters.cluster,
            value_clusters.n,
            coalesce(
                1 / nullif(1 - value_clusters.n / value_totals.n_dl_postings, 0), 0
            ) as pull
        from value_clusters
        inner join value_totals using (value, base)
    ),

    value_errors as (
        select
            value,
            base,
            sum(n * n * pull) as error_of_n
        from value_pulls
        group by all
    ),

    naming as (
        select
            members.value,
            named.base,
            named.framework,
            members.cluster,
            any_value(members.is_known) as is_known,
            count(*) as n_naming,
            count(*) filter (where named.requirement = 'required') as n_required
        from members
        inner join named using (posting_no)
        where
            ("by" <> 'requirement' or named.requirement = members.value)
            and list_contains(members.bases, named.base)
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
        left join value_pulls using (value, base, cluster)
        group by all
    ),

    counted as (
        select
            value_totals.value,
            frameworks.framework,
            value_totals.n_dl_postings,
            value_totals.n_dl_employers,
            could_show.n_clusters,
            could_show.n_squares,
            value_errors.error_of_n,
            coalesce(could_show.n_dl_postings, 0) as n_could_show,
            coalesce(could_show.n_dl_employers, 0) as n_could_show_employers,
            coalesce(counts.n_naming, 0) as n_naming,
            coalesce(counts.n_required, 0) as n_required,
            coalesce(counts.n_employers, 0) as n_employers,
            coalesce(counts.error_of_naming, 0) as error_of_naming,
            coalesce(counts.error_of_both, 0) as error_of_both,
            case
                when frameworks.is_deep_learning
                    then coalesce(counts.n_naming, 0) / could_show.n_dl_postings
            end as share
        from value_totals
        inner join frameworks on value_totals.base = 0
        left join value_totals as could_show
            on
                value_totals.value = could_show.value
                and frameworks.base = could_show.base
        left join value_errors
            on
                value_totals.value = value_errors.value
                and frameworks.base = value_errors.base
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
                n_could_show,
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
        n_could_show::bigint as n_could_show,
        n_could_show_employers,
        round(100 * share, 2) as share_pct,
        -- no share, no interval
        if(share is null, null, round(share_end_pct(share, margin, -1), 2))
            as ci_low_pct,
        if(share is null, null, round(share_end_pct(share, margin, 1), 2))
            as ci_high_pct,
        n_could_show_employers < 5 as is_small
    from measured
    order by value asc, n_naming desc, framework asc;

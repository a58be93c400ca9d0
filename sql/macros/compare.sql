-- main.compare
-- How far one framework leads another, by metro, role, year or any other dimension of
-- framework_share, paired within postings.
-- grain:   value
-- counts:  as in framework_share, of the postings whose source can show both (a fixed
--          list of words may leave one out); n_both postings name both; n_dl_employers
--          are distinct known employers behind n_dl_postings
-- units:   lead_pct is points: the share naming the first less that naming the second,
--          of n_dl_postings; its 95 % interval has employers as clusters; is_small:
--          fewer than five known employers behind n_dl_postings
-- example: from compare('pytorch', 'tensorflow', by := 'role')
create or replace macro main.compare(
    asked, other,
    "by" := 'all',
    family := null,
    since := null,
    until := null,
    raw := false
) as table
    with

    chosen as (
        select
            framework_named(asked) as framework,
            framework_named(other) as other_framework,
            (
                select coalesce(flatten(list(frameworks.unlisted_by)), [])
                from core.frameworks as frameworks
                where
                    frameworks.framework
                    in (framework_named(asked), framework_named(other))
            ) as unlisted_by,
            if(
                framework_named(asked) = framework_named(other)
                or "by" = 'requirement',
                error(
                    'compare: expected two frameworks and a dimension other than '
                    || 'requirement, saw '
                    || asked
                    || ', '
                    || other
                    || ' by '
                    || "by"
                ),
                true
            ) as is_fine
    ),

    dl_postings as (
        select
            named.posting_no,
            max((named.framework = chosen.framework)::integer) as names_one,
            max((named.framework = chosen.other_framework)::integer) as names_other
        from core.posting_frameworks as named
        inner join core.frameworks as frameworks using (framework)
        inner join chosen on chosen.is_fine
        where frameworks.is_deep_learning and named.requirement <> 'negated'
        group by all
    ),

    postings as (
        select
            posting_no,
            postings.employer_id,
            dl_postings.names_one,
            dl_postings.names_other,
            coalesce(postings.employer_id, postings.posting_id) as cluster
        from core.postings as postings
        inner join dl_postings using (posting_no)
        inner join chosen on not list_contains(chosen.unlisted_by, postings.source)
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
            any_value(postings.employer_id) as employer_id,
            any_value(postings.cluster) as cluster,
            any_value(postings.names_one) as names_one,
            any_value(postings.names_other) as names_other
        from posting_values(by := "by", once := false) as carried
        inner join postings using (posting_no)
        group by all
    ),

    cluster_counts as (
        select
            value,
            cluster,
            any_value(employer_id) as employer_id,
            count(*) as n,
            sum(names_one) as n_one,
            sum(names_other) as n_other,
            sum(names_one * names_other) as n_both
        from members
        group by all
    ),

    totals as (
        select
            value,
            sum(n) as n_dl_postings,
            sum(n_one) as n_naming,
            sum(n_other) as n_naming_other,
            sum(n_both) as n_both,
            count(employer_id) as n_dl_employers,
            count(*) as n_clusters,
            sum(n * n) as n_squares,
            (sum(n_one) - sum(n_other)) / sum(n) as lead
        from cluster_counts
        group by all
    ),

    errors as (
        select
            cluster_counts.value,
            sum(
                power(
                    cluster_counts.n_one
                    - cluster_counts.n_other
                    - totals.lead * cluster_counts.n,
                    2
                )
                / nullif(1 - cluster_counts.n / totals.n_dl_postings, 0)
            ) as squared_error
        from cluster_counts
        inner join totals using (value)
        group by all
    ),

    measured as (
        select
            totals.*,
            margin_pct(
                totals.lead,
                totals.n_dl_postings,
                totals.n_squares,
                coalesce(errors.squared_error, 0),
                totals.n_clusters,
                -1
            ) as margin
        from totals
        inner join errors using (value)
    )

    select
        measured.value,
        chosen.framework,
        chosen.other_framework,
        measured.n_naming::bigint as n_naming,
        measured.n_naming_other::bigint as n_naming_other,
        measured.n_both::bigint as n_both,
        measured.n_dl_postings::bigint as n_dl_postings,
        measured.n_dl_employers,
        round(100 * measured.lead, 2) as lead_pct,
        round(greatest(100 * measured.lead - measured.margin, -100), 2) as ci_low_pct,
        round(least(100 * measured.lead + measured.margin, 100), 2) as ci_high_pct,
        measured.n_dl_employers < 5 as is_small
    from measured
    cross join chosen
    order by measured.n_dl_postings desc, measured.value asc;

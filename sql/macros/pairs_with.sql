-- main.pairs_with
-- What other frameworks the postings of one framework name too.
-- grain:   other_framework
-- counts:  canonical postings, with raw := true repeats too; family narrows them; two
--          frameworks named in one span only (tf.keras) are no pair; n_employers are
--          distinct known employers behind n_both
-- units:   together_pct is percent (0-100) of n_could_show: of n_naming, the postings
--          that name the framework, those whose source can show the other; of_other_pct
--          is percent of n_other_could_show: of n_naming_other, those whose source can
--          show the first. A source that shows a fixed list of words cannot show what
--          the list leaves out. is_small: fewer than five known employers behind
--          n_naming
-- example: from pairs_with('pytorch') limit 5
create or replace macro main.pairs_with(
    asked, family := null, raw := false
) as table
    with

    postings as (
        select
            posting_no,
            employer_id,
            source
        from core.postings
        where
            (raw or duplicate_of is null)
            and (family is null or source_family = family)
    ),

    named as (
        select
            postings.posting_no,
            postings.employer_id,
            postings.source,
            posting_frameworks.framework,
            posting_frameworks.is_joint
        from core.posting_frameworks as posting_frameworks
        inner join postings using (posting_no)
        where posting_frameworks.requirement <> 'negated'
    ),

    frameworks as (
        select
            framework,
            unlisted_by
        from core.frameworks
    ),

    chosen as (
        select
            posting_no,
            employer_id,
            source,
            framework,
            is_joint
        from named
        where framework = framework_named(asked)
    ),

    totals as (
        select
            named.framework as other_framework,
            count(*) as n_naming_other,
            count(*)
            filter (where not list_contains(first.unlisted_by, named.source))
                as n_other_could_show
        from named
        inner join frameworks as first
            on first.framework = framework_named(asked)
        group by all
    ),

    could_show as (
        select
            frameworks.framework as other_framework,
            count(*) as n_could_show
        from chosen
        inner join frameworks
            on not list_contains(frameworks.unlisted_by, chosen.source)
        group by all
    ),

    chosen_total as (
        select
            count(*) as n_naming,
            count(distinct employer_id) as n_naming_employers
        from chosen
    ),

    pairs as (
        select
            chosen.framework,
            named.framework as other_framework,
            count(*) as n_both,
            count(distinct named.employer_id) as n_employers
        from chosen
        inner join named using (posting_no)
        where
            named.framework <> chosen.framework
            and not (named.is_joint and chosen.is_joint)
        group by all
    )

    select
        pairs.framework,
        pairs.other_framework,
        pairs.n_both,
        chosen_total.n_naming,
        totals.n_naming_other,
        could_show.n_could_show,
        totals.n_other_could_show,
        pairs.n_employers,
        round(100.0 * pairs.n_both / could_show.n_could_show, 2) as together_pct,
        round(100.0 * pairs.n_both / totals.n_other_could_show, 2) as of_other_pct,
        chosen_total.n_naming_employers < 5 as is_small
    from pairs
    inner join totals using (other_framework)
    inner join could_show using (other_framework)
    cross join chosen_total
    order by pairs.n_both desc, pairs.other_framework asc;

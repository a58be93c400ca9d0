-- mart.framework_demand
-- How often each framework is asked for, month by month, in every cell of at most two
-- of source, region, country, metro, role and employer_kind; what a row does not fix is
-- 'all'. Rows overlap (a posting may name several places and roles, and stands in every
-- 'all' above it), so they must not be summed.
-- grain:   month, source, region, country, metro, role, employer_kind, framework
-- counts:  canonical postings (duplicate_of is null) with a real date; a posting with a
--          proxy date or none is in no row. n_naming leaves out postings that only
--          negate the framework. A framework that nobody names in a cell with postings
--          is a row with 0, also where no source of the cell can show it: there
--          n_could_show is 0 as well, and the 0 of n_naming is no finding. Two fixed
--          places are parts of one place of the posting. n_employers and n_dl_employers
--          count distinct known employers behind n_naming and n_dl_postings; is_small
--          looks at the denominator, n_dl_employers. *_raw count repeats too, each in
--          the cells of its own facts, so a cell may hold repeats only (n_postings 0)
-- units:   a share is n_naming / n_could_show, for frameworks of the deep-learning set:
--          n_could_show is n_dl_postings without those of a source that shows a fixed
--          list of words without the framework; n_dl_postings is 0 where nobody names
--          any of the set
with

members as (
    select
        month,
        source,
        region,
        country,
        metro,
        role,
        employer_kind,
        naming_no,
        n_postings,
        n_postings_raw
    from lake.demand_members
),

postings as (
    select
        posting_no,
        employer_id,
        source as origin,
        duplicate_of is null as is_canonical
    from core.postings
),

frameworks as (
    select
        framework,
        is_deep_learning
    from core.frameworks
),

unlisted as (
    select
        framework,
        unnest(unlisted_by) as origin
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

-- few postings name a framework: their cells are kept once for the counts below
naming_members as materialized (
    select
        postings.posting_no,
        postings.employer_id,
        postings.is_canonical,
        postings.origin,
        members.month,
        members.source,
        members.region,
        members.country,
        members.metro,
        members.role,
        members.employer_kind
    from members
    inner join postings on members.naming_no = postings.posting_no
),

dl_postings as (
    select distinct named.posting_no
    from named
    inner join frameworks using (framework)
    where frameworks.is_deep_learning
),

cells as (
    select
        month,
        source,
        region,
        country,
        metro,
        role,
        employer_kind,
        sum(n_postings)::bigint as n_postings,
        sum(n_postings_raw)::bigint as n_postings_raw
    from members
    group by all
),

dl_cells as (
    select
        naming_members.month,
        naming_members.source,
        naming_members.region,
        naming_members.country,
        naming_members.metro,
        naming_members.role,
        naming_members.employer_kind,
        count(*) filter (where naming_members.is_canonical) as n_dl_postings,
        count(*) as n_dl_postings_raw,
        count(distinct naming_members.employer_id)
        filter (where naming_members.is_canonical) as n_dl_employers
    from naming_members
    semi join dl_postings using (posting_no)
    group by all
),

-- what fixed lists of words show of a cell: nothing of a framework they do not know
list_cells as (
    select
        naming_members.month,
        naming_members.source,
        naming_members.region,
        naming_members.country,
        naming_members.metro,
        naming_members.role,
        naming_members.employer_kind,
        naming_members.origin,
        count(*) as n_dl_postings
    from naming_members
    semi join dl_postings using (posting_no)
    semi join unlisted using (origin)
    where naming_members.is_canonical
    group by all
),

named_cells as (
    select
        naming_members.month,
        naming_members.source,
        naming_members.region,
        naming_members.country,
        naming_members.metro,
        naming_members.role,
        naming_members.employer_kind,
        named.framework,
        count(*) filter (where naming_members.is_canonical) as n_naming,
        count(*) as n_naming_raw,
        count(*)
        filter (where naming_members.is_canonical and named.requirement = 'required')
            as n_required,
        count(*)
        filter (where naming_members.is_canonical and named.requirement = 'preferred')
            as n_preferred,
        count(distinct naming_members.employer_id)
        filter (where naming_members.is_canonical) as n_employers
    from naming_members
    inner join named using (posting_no)
    group by all
),

-- a number per cell: millions of rows are joined by one integer, and the cells come out
-- in the order in which they are stored
numbered as (
    select
        cells.month,
        cells.source,
        cells.region,
        cells.country,
        cells.metro,
        cells.role,
        cells.employer_kind,
        cells.n_postings,
        cells.n_postings_raw,
        coalesce(dl_cells.n_dl_postings, 0) as n_dl_postings,
        coalesce(dl_cells.n_dl_postings_raw, 0) as n_dl_postings_raw,
        coalesce(dl_cells.n_dl_employers, 0) as n_dl_employers,
        row_number() over (
            order by
                cells.source,
                cells.region,
                cells.country,
                cells.metro,
                cells.role,
                cells.employer_kind,
                cells.month
        ) as cell
    from cells
    left join dl_cells
        using (month, source, region, country, metro, role, employer_kind)
),

named_in_cell as (
    select
        numbered.cell,
        named_cells.framework,
        named_cells.n_naming,
        named_cells.n_naming_raw,
        named_cells.n_required,
        named_cells.n_preferred,
        named_cells.n_employers
    from named_cells
    inner join numbered
        using (month, source, region, country, metro, role, employer_kind)
),

unlisted_in_cell as (
    select
        numbered.cell,
        unlisted.framework,
        sum(list_cells.n_dl_postings)::bigint as n_unlisted
    from list_cells
    inner join numbered
        using (month, source, region, country, metro, role, employer_kind)
    inner join unlisted using (origin)
    group by all
),

all_frameworks as (
    select list(framework order by framework asc) as names
    from frameworks
),

-- every framework stands in every cell that has postings; spreading a list keeps the
-- order of the cells: the table takes two thirds of the space, without a sort
spread as (
    select
        numbered.cell,
        numbered.month,
        numbered.source,
        numbered.region,
        numbered.country,
        numbered.metro,
        numbered.role,
        numbered.employer_kind,
        numbered.n_postings,
        numbered.n_dl_postings,
        numbered.n_dl_employers,
        numbered.n_postings_raw,
        numbered.n_dl_postings_raw,
        unnest(all_frameworks.names) as framework
    from numbered
    cross join all_frameworks
),

counted as (
    select
        spread.cell,
        spread.month,
        spread.source,
        spread.region,
        spread.country,
        spread.metro,
        spread.role,
        spread.employer_kind,
        spread.framework,
        spread.n_postings,
        spread.n_dl_postings,
        spread.n_dl_employers,
        spread.n_postings_raw,
        spread.n_dl_postings_raw,
        spread.n_dl_employers < 5 as is_small,
        coalesce(named_in_cell.n_naming, 0) as n_naming,
        coalesce(named_in_cell.n_naming_raw, 0) as n_naming_raw,
        coalesce(named_in_cell.n_required, 0) as n_required,
        coalesce(named_in_cell.n_preferred, 0) as n_preferred,
        coalesce(named_in_cell.n_employers, 0) as n_employers,
        spread.n_dl_postings - coalesce(unlisted_in_cell.n_unlisted, 0) as n_could_show
    from spread
    left join named_in_cell using (cell, framework)
    left join unlisted_in_cell using (cell, framework)
)

select
    month,
    source,
    region,
    country,
    metro,
    role,
    employer_kind,
    framework,
    n_naming,
    n_required,
    n_preferred,
    n_postings,
    n_dl_postings,
    n_employers,
    n_dl_employers,
    is_small,
    n_naming_raw,
    n_postings_raw,
    n_dl_postings_raw,
    n_could_show
from counted;

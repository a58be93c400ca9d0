-- site.demand_cells
-- The share of each framework among the postings that name a deep-learning framework,
-- by one dimension and by any two at once, as main.framework_share has it.
-- grain:   source_family, time_window, by_name, value, and_name, and_value
-- counts:  canonical postings; source_family 'all' is every source together, a mix that
--          differs from cell to cell; last_24_months are the calendar months up to that
--          of the run's day, real dates only; a posting with two values stands in both.
--          by_name 'all' has one dimension only, in and_name. A crossed cell has five
--          postings or more. Lists are in the order of frameworks, the seven named
--          most; n_could_show and n_could_show_employers leave out sources that show a
--          fixed list of words without the framework
-- units:   margins_pct are half the width of a share's 95 % interval in points, with
--          employers as clusters; a share is of n_could_show; null where that is 0 and
--          in crossed cells of fewer than five employers
with

named as (
    select
        posting_frameworks.posting_no,
        posting_frameworks.framework,
        posting_frameworks.requirement
    from core.posting_frameworks
    inner join core.frameworks using (framework)
    where frameworks.is_deep_learning and posting_frameworks.requirement <> 'negated'
),

postings as (
    select
        postings.posting_no,
        postings.source,
        postings.source_family,
        postings.employer_id,
        coalesce(postings.employer_id, postings.posting_id) as cluster,
        if(postings.date_kind = 'real', postings.posted_on, null) as posted_on
    from core.postings
    semi join named using (posting_no)
    where postings.duplicate_of is null
),

most_named as (
    select named.framework
    from named
    semi join postings using (posting_no)
    group by all
    order by count(*) desc, named.framework asc
    limit 7
),

-- frameworks that the same lists leave out are shares of the same postings: of those of
-- base 0, all of them, if none does
drawn as (
    select
        frameworks.framework,
        frameworks.unlisted_by,
        if(
            frameworks.unlisted_by = [],
            0,
            dense_rank() over (order by frameworks.unlisted_by)
        ) as base
    from core.frameworks
    semi join most_named using (framework)
),

bases as (
    select
        base,
        unlisted_by
    from drawn
    union distinct
    select
        0 as base,
        [] as unlisted_by
),

families as (
    select distinct
        source_family,
        source
    from postings
    union all
    select distinct
        'all' as source_family,
        source
    from postings
),

-- where every source can show it, a framework is a share of base 0
drawn_in as (
    select
        families.source_family,
        drawn.framework,
        if(
            bool_or(list_contains(drawn.unlisted_by, families.source)), drawn.base, 0
        ) as base
    from families
    cross join drawn
    group by families.source_family, drawn.framework, drawn.base
),

family_bases as (
    select
        source_family,
        base
    from drawn_in
    union distinct
    select
        source_family,
        0 as base
    from families
),

based as (
    select
        postings.posting_no,
        postings.cluster,
        postings.employer_id,
        postings.posted_on,
        family_bases.source_family,
        family_bases.base
    from postings
    inner join family_bases
        on family_bases.source_family in ('all', postings.source_family)
    inner join bases
        on
            family_bases.base = bases.base
            and not list_contains(bases.unlisted_by, postings.source)
),

newest_run as (
    select date_trunc('month', as_of)::date - interval 23 month as since
    from ops.runs
    order by started_at desc
    limit 1
),

scopes as (
    select
        based.posting_no,
        based.cluster,
        based.employer_id,
        based.base,
        based.source_family,
        'all_time' as time_window
    from based
    union all
    select
        based.posting_no,
        based.cluster,
        based.employer_id,
        based.base,
        based.source_family,
        'last_24_months' as time_window
    from based
    inner join newest_run on based.posted_on >= newest_run.since
),

found_values as (
    select
        posting_no,
        0 as place,
        'all' as name,
        value
    from posting_values(by := 'all', once := false)
    union all
    select
        posting_no,
        1 as place,
        'region' as name,
        value
    from posting_values(by := 'region', once := false)
    union all
    select
        posting_no,
        2 as place,
        'country' as name,
        value
    from posting_values(by := 'country', once := false)
    union all
    select
        posting_no,
        3 as place,
        'metro' as name,
        value
    from posting_values(by := 'metro', once := false)
    union all
    select
        posting_no,
        4 as place,
        'role' as name,
        value
    from posting_values(by := 'role', once := false)
    union all
    select
        posting_no,
        5 as place,
        'seniority' as name,
        value
    from posting_values(by := 'seniority', once := false)
    union all
    select
        posting_no,
        6 as place,
        'employer_kind' as name,
        value
    from posting_values(by := 'employer_kind', once := false)
    union all
    select
        posting_no,
        7 as place,
        'industry' as name,
        value
    from posting_values(by := 'industry', once := false)
    union all
    select
        posting_no,
        8 as place,
        'domain' as name,
        value
    from posting_values(by := 'domain', once := false)
    union all
    select
        posting_no,
        9 as place,
        'requirement' as name,
        value
    from posting_values(by := 'requirement', once := false)
    union all
    select
        posting_no,
        10 as place,
        'year' as name,
        value
    from posting_values(by := 'year', once := false)
    union all
    select
        posting_no,
        11 as place,
        'quarter' as name,
        value
    from posting_values(by := 'quarter', once := false)
    union all
    select
        posting_no,
        12 as place,
        'source_family' as name,
        value
    from posting_values(by := 'source_family', once := false)
),

carried as (
    select distinct
        found_values.posting_no,
        found_values.place,
        found_values.name,
        found_values.value
    from found_values
    semi join postings using (posting_no)
),

members as (
    select
        posting_no,
        carried.name as by_name,
        carried.value,
        others.name as and_name,
        others.value as and_value
    from carried
    inner join carried as others using (posting_no)
    where
        (
            carried.place < others.place
            -- a quarter lies in one year
            and not (carried.name = 'year' and others.name = 'quarter')
        )
        or (carried.place = 0 and others.place = 0)
),

-- one number for the four names: what follows groups millions of rows by it
cells as (
    select
        by_name,
        value,
        and_name,
        and_value,
        row_number() over () as cell_no
    from members
    group by by_name, value, and_name, and_value
),

placed as (
    select
        members.posting_no,
        cells.cell_no
    from members
    inner join cells using (by_name, value, and_name, and_value)
),

cell_clusters as (
    select
        placed.cell_no,
        scopes.source_family,
        scopes.time_window,
        scopes.base,
        scopes.cluster,
        any_value(scopes.employer_id) as employer_id,
        count(*) as n
    from placed
    inner join scopes using (posting_no)
    group by all
),

cell_totals as (
    select
        cell_no,
        source_family,
        time_window,
        base,
        sum(n) as n_dl_postings,
        count(employer_id) as n_dl_employers,
        count(*) as n_clusters,
        sum(n * n) as n_squares
    from cell_clusters
    group by all
),

shown_cells as (
    select
        cell_totals.*,
        cells.by_name,
        cells.value,
        cells.and_name,
        cells.and_value
    from cell_totals
    inner join cells using (cell_no)
    where
        cell_totals.base = 0
        and (cell_totals.n_dl_postings >= 5 or cells.by_name = 'all')
        and (
            cell_totals.source_family = 'all' or cells.and_name <> 'source_family'
        )
),

-- who holds much of a cell pulls its share along and hides its own error
cell_pulls as (
    select
        cell_clusters.cell_no,
        cell_clusters.source_family,
        cell_clusters.time_window,
        cell_clusters.base,
        cell_clusters.cluster,
        cell_clusters.n,
        coalesce(
            1 / nullif(1 - cell_clusters.n / cell_totals.n_dl_postings, 0), 0
        ) as pull
    from cell_clusters
    semi join shown_cells using (cell_no, source_family, time_window)
    inner join cell_totals using (cell_no, source_family, time_window, base)
),

cell_errors as (
    select
        cell_no,
        source_family,
        time_window,
        base,
        sum(n * n * pull) as error_of_n
    from cell_pulls
    group by all
),

naming as (
    select
        placed.cell_no,
        scopes.source_family,
        scopes.time_window,
        drawn_in.framework,
        scopes.base,
        scopes.cluster,
        count(*) as n_naming
    from placed
    inner join scopes using (posting_no)
    inner join named using (posting_no)
    inner join cells using (cell_no)
    inner join drawn_in
        on
            named.framework = drawn_in.framework
            and scopes.source_family = drawn_in.source_family
            and scopes.base = drawn_in.base
    where
        (cells.by_name <> 'requirement' or named.requirement = cells.value)
        and (cells.and_name <> 'requirement' or named.requirement = cells.and_value)
    group by all
),

counts as (
    select
        naming.cell_no,
        naming.source_family,
        naming.time_window,
        naming.framework,
        sum(naming.n_naming) as n_naming,
        sum(naming.n_naming * naming.n_naming * cell_pulls.pull) as error_of_naming,
        sum(naming.n_naming * cell_pulls.n * cell_pulls.pull) as error_of_both
    from naming
    inner join cell_pulls
        using (cell_no, source_family, time_window, base, cluster)
    group by all
),

counted as (
    select
        shown_cells.source_family,
        shown_cells.time_window,
        shown_cells.by_name,
        shown_cells.value,
        shown_cells.and_name,
        shown_cells.and_value,
        shown_cells.n_dl_postings,
        shown_cells.n_dl_employers,
        drawn_in.framework,
        could_show.n_clusters,
        could_show.n_squares,
        cell_errors.error_of_n,
        coalesce(could_show.n_dl_postings, 0) as n_could_show,
        coalesce(could_show.n_dl_employers, 0) as n_could_show_employers,
        coalesce(counts.n_naming, 0) as n_naming,
        coalesce(counts.error_of_naming, 0) as error_of_naming,
        coalesce(counts.error_of_both, 0) as error_of_both,
        coalesce(counts.n_naming, 0) / could_show.n_dl_postings as share
    from shown_cells
    inner join drawn_in using (source_family)
    left join cell_totals as could_show
        on
            shown_cells.cell_no = could_show.cell_no
            and shown_cells.source_family = could_show.source_family
            and shown_cells.time_window = could_show.time_window
            and drawn_in.base = could_show.base
    left join cell_errors
        on
            shown_cells.cell_no = cell_errors.cell_no
            and shown_cells.source_family = cell_errors.source_family
            and shown_cells.time_window = cell_errors.time_window
            and drawn_in.base = cell_errors.base
    left join counts
        on
            shown_cells.cell_no = counts.cell_no
            and shown_cells.source_family = counts.source_family
            and shown_cells.time_window = counts.time_window
            and drawn_in.framework = counts.framework
),

measured as (
    select
        *,
        case
            when share is not null and (by_name = 'all' or n_could_show_employers >= 5)
                then margin_pct(
                    share,
                    n_could_show,
                    n_squares,
                    error_of_naming
                    - 2 * share * error_of_both
                    + share * share * error_of_n,
                    n_clusters,
                    0
                )
        end as margin
    from counted
)

select
    source_family,
    time_window,
    by_name,
    value,
    and_name,
    and_value,
    n_dl_postings::bigint as n_dl_postings,
    n_dl_employers,
    list(framework order by framework) as frameworks,
    list(n_naming::bigint order by framework) as n_naming,
    list(n_could_show::bigint order by framework) as n_could_show,
    list(n_could_show_employers order by framework) as n_could_show_employers,
    list(round(margin, 2) order by framework) as margins_pct
from measured
group by all
order by
    source_family asc,
    time_window asc,
    by_name asc,
    and_name asc,
    n_dl_postings desc,
    value asc,
    and_value asc;

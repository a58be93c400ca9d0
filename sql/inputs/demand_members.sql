-- lake.demand_members
-- In which cells of mart.framework_demand each posting stands.
-- grain:   month, source, region, country, metro, role, employer_kind, naming_no, and
--          once for each piece that the table is made in
-- counts:  naming_no is the posting_no of a posting that names a framework, one a row;
--          of all others, most of them, only their number is kept
-- memory:  made a piece at a time, by the variables first_no and last_no: a posting
--          stands in some twenty cells
with

postings as (
    select
        posting_no,
        source,
        employer_kind,
        duplicate_of is null as is_canonical,
        date_trunc('month', posted_on)::date as month
    from core.postings
    where
        date_kind = 'real'
        and posted_on is not null
        and posting_no >= coalesce(getvariable('first_no')::bigint, 0)
        and posting_no <= coalesce(getvariable('last_no')::bigint, 9e18::bigint)
),

places as (
    select
        posting_no,
        region,
        country,
        metro
    from core.posting_places
    where
        posting_no >= coalesce(getvariable('first_no')::bigint, 0)
        and posting_no <= coalesce(getvariable('last_no')::bigint, 9e18::bigint)
),

roles as (
    select
        posting_no,
        role
    from core.posting_roles
    where
        posting_no >= coalesce(getvariable('first_no')::bigint, 0)
        and posting_no <= coalesce(getvariable('last_no')::bigint, 9e18::bigint)
),

named as (
    select distinct posting_no
    from core.posting_frameworks
    where requirement <> 'negated'
),

-- what a cell can fix, one row per posting and value
labels as (
    select
        posting_no,
        'source' as dimension,
        source as label
    from postings
    union all
    select
        posting_no,
        'employer_kind' as dimension,
        employer_kind as label
    from postings
    union all
    select
        posting_no,
        'role' as dimension,
        role as label
    from roles
    union all
    select distinct
        posting_no,
        'region' as dimension,
        region as label
    from places
    where region is not null
    union all
    select distinct
        posting_no,
        'country' as dimension,
        country as label
    from places
    where country is not null
    union all
    select distinct
        posting_no,
        'metro' as dimension,
        metro as label
    from places
    where metro is not null
),

-- two parts of one place, not of two: an ad for Boston and Berlin is not one for a
-- Boston in Germany
place_pairs as (
    select distinct
        posting_no,
        'country' as dimension,
        country as label,
        'region' as other_dimension,
        region as other_label
    from places
    where country is not null and region is not null
    union all
    select distinct
        posting_no,
        'country' as dimension,
        country as label,
        'metro' as other_dimension,
        metro as other_label
    from places
    where country is not null and metro is not null
    union all
    select distinct
        posting_no,
        'metro' as dimension,
        metro as label,
        'region' as other_dimension,
        region as other_label
    from places
    where metro is not null and region is not null
),

fixed as (
    select
        posting_no,
        '' as dimension,
        '' as label,
        '' as other_dimension,
        '' as other_label
    from postings
    union all
    select
        posting_no,
        dimension,
        label,
        '' as other_dimension,
        '' as other_label
    from labels
    union all
    select
        labels.posting_no,
        labels.dimension,
        labels.label,
        others.dimension as other_dimension,
        others.label as other_label
    from labels
    inner join labels as others
        on
            labels.posting_no = others.posting_no
            and labels.dimension < others.dimension
    where
        labels.dimension not in ('region', 'country', 'metro')
        or others.dimension not in ('region', 'country', 'metro')
    union all
    select
        posting_no,
        dimension,
        label,
        other_dimension,
        other_label
    from place_pairs
),

-- a posting stands once in every cell whose fixed values it carries
members as (
    select
        named.posting_no as naming_no,
        postings.is_canonical,
        postings.month,
        case 'source'
            when fixed.dimension then fixed.label
            when fixed.other_dimension then fixed.other_label
            else 'all'
        end as source,
        case 'region'
            when fixed.dimension then fixed.label
            when fixed.other_dimension then fixed.other_label
            else 'all'
        end as region,
        case 'country'
            when fixed.dimension then fixed.label
            when fixed.other_dimension then fixed.other_label
            else 'all'
        end as country,
        case 'metro'
            when fixed.dimension then fixed.label
            when fixed.other_dimension then fixed.other_label
            else 'all'
        end as metro,
        case 'role'
            when fixed.dimension then fixed.label
            when fixed.other_dimension then fixed.other_label
            else 'all'
        end as role,
        case 'employer_kind'
            when fixed.dimension then fixed.label
            when fixed.other_dimension then fixed.other_label
            else 'all'
        end as employer_kind
    from postings
    inner join fixed using (posting_no)
    left join named using (posting_no)
)

select
    month,
    source,
    region,
    country,
    metro,
    role,
    employer_kind,
    naming_no,
    count(*) filter (where is_canonical) as n_postings,
    count(*) as n_postings_raw
from members
group by all;

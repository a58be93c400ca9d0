-- mart.framework_cloud
-- How often the postings that name a framework also name a cloud: what goes with what
-- is the difference between two frameworks' rows of one cloud.
-- grain:   time_window, source_family, framework, cloud
-- counts:  canonical postings; all_time includes undated ones, a year those whose date
--          is only a proxy. SageMaker is kept as itself and counts for AWS too; 'any'
--          is any of the three providers. A cloud that nobody names beside a framework
--          is a row with 0, also where the source cannot show it. *_raw count repeats
--          too. is_small: fewer than five known employers behind n_naming
-- units:   together_pct is percent (0-100): n_both / n_naming
with

postings as (
    select
        posting_id,
        source_family,
        employer_id,
        duplicate_of is null as is_canonical,
        unnest(
            case
                when posted_on is null or date_kind = 'none' then ['all_time']
                else ['all_time', year(posted_on)::varchar]
            end
        ) as time_window
    from core.postings
),

named as (
    select
        posting_id,
        framework
    from core.posting_frameworks
    where requirement <> 'negated'
),

tools as (
    select
        posting_id,
        list(tool) as tools
    from core.posting_tools
    where tool in ('aws', 'azure', 'gcp', 'sagemaker')
    group by all
),

clouds as (
    select unnest(['any', 'aws', 'azure', 'gcp', 'sagemaker']) as cloud
),

cloud_tools as (
    select
        posting_id,
        unnest(
            case
                when list_contains(tools, 'sagemaker')
                    then list_distinct(list_concat(tools, ['aws', 'any']))
                else list_append(tools, 'any')
            end
        ) as cloud
    from tools
),

totals as (
    select
        postings.time_window,
        postings.source_family,
        named.framework,
        count(*) filter (where postings.is_canonical) as n_naming,
        count(distinct postings.employer_id) filter (where postings.is_canonical)
            as n_employers,
        count(*) as n_naming_raw
    from postings
    inner join named using (posting_id)
    group by all
),

pairs as (
    select
        postings.time_window,
        postings.source_family,
        named.framework,
        cloud_tools.cloud,
        count(*) filter (where postings.is_canonical) as n_both,
        count(*) as n_both_raw
    from postings
    inner join named using (posting_id)
    inner join cloud_tools using (posting_id)
    group by all
)

select
    totals.time_window,
    totals.source_family,
    totals.framework,
    clouds.cloud,
    totals.n_naming,
    totals.n_employers,
    totals.n_naming_raw,
    coalesce(pairs.n_both, 0) as n_both,
    totals.n_employers < 5 as is_small,
    round(100.0 * coalesce(pairs.n_both, 0) / nullif(totals.n_naming, 0), 2)
        as together_pct,
    coalesce(pairs.n_both_raw, 0) as n_both_raw
from totals
cross join clouds
left join pairs
    on
        totals.time_window = pairs.time_window
        and totals.source_family = pairs.source_family
        and totals.framework = pairs.framework
        and clouds.cloud = pairs.cloud
order by
    totals.source_family,
    totals.time_window,
    totals.framework,
    clouds.cloud;

-- site.demand
-- The share of each deep-learning framework by every dimension of the demand page, all
-- sources and dates together: what main.framework_share says, one call a dimension.
-- grain:   by_name, value, framework
-- counts:  canonical postings; a posting with two values (places, roles) stands in
--          both, so values must not be added up; the mix of sources differs from value
--          to value
-- units:   share_pct is percent (0-100) of n_dl_postings; ci_low_pct and ci_high_pct
--          are its 95 % interval with employers as clusters; is_small: fewer than five
--          known employers behind n_dl_postings
with

shares as (
    select
        'all' as by_name,
        *
    from framework_share(by := 'all')
    union all
    select
        'source_family' as by_name,
        *
    from framework_share(by := 'source_family')
    union all
    select
        'region' as by_name,
        *
    from framework_share(by := 'region')
    union all
    select
        'country' as by_name,
        *
    from framework_share(by := 'country')
    union all
    select
        'metro' as by_name,
        *
    from framework_share(by := 'metro')
    union all
    select
        'role' as by_name,
        *
    from framework_share(by := 'role')
    union all
    select
        'seniority' as by_name,
        *
    from framework_share(by := 'seniority')
    union all
    select
        'employer_kind' as by_name,
        *
    from framework_share(by := 'employer_kind')
    union all
    select
        'industry' as by_name,
        *
    from framework_share(by := 'industry')
    union all
    select
        'domain' as by_name,
        *
    from framework_share(by := 'domain')
    union all
    select
        'requirement' as by_name,
        *
    from framework_share(by := 'requirement')
    union all
    select
        'year' as by_name,
        *
    from framework_share(by := 'year')
),

named as (
    select framework
    from shares
    where by_name = 'all' and n_naming > 0
)

select
    shares.by_name,
    shares.value,
    shares.framework,
    shares.n_naming,
    shares.n_dl_postings,
    shares.n_employers,
    shares.n_dl_employers,
    shares.share_pct,
    shares.ci_low_pct,
    shares.ci_high_pct,
    shares.is_small
from shares
semi join named using (framework)
where shares.share_pct is not null
order by
    shares.by_name asc,
    shares.n_dl_postings desc,
    shares.value asc,
    shares.framework asc;

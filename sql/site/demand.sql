-- site.demand
-- The share of each deep-learning framework by every dimension of the demand page, all
-- sources and dates together: what main.framework_share says, one call a dimension.
-- grain:   by_name, value, framework
-- counts:  canonical postings; a posting with two values (places, roles) stands in
--          both, so values must not be added up; the mix of sources differs from value
--          to value
-- units:   share_pct is percent (0-100) of n_could_show, the postings of n_dl_postings
--          whose source can show the framework, null where there are none; ci_low_pct
--          and ci_high_pct are its 95 % interval with employers as clusters; is_small:
--          fewer than five known employers behind n_could_show
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
    union all
    select
        'quarter' as by_name,
        *
    from framework_share(by := 'quarter')
),

named as (
    select framework
    from shares
    where by_name = 'all' and n_naming > 0 and share_pct is not null
)

select
    shares.by_name,
    shares.value,
    shares.framework,
    shares.n_naming,
    shares.n_dl_postings,
    shares.n_employers,
    shares.n_dl_employers,
    shares.n_could_show,
    shares.n_could_show_employers,
    shares.share_pct,
    shares.ci_low_pct,
    shares.ci_high_pct,
    shares.is_small
from shares
semi join named using (framework)
order by
    shares.by_name asc,
    shares.n_dl_postings desc,
    shares.value asc,
    shares.framework asc;

-- adhoc.share_by_year
-- The shares of TensorFlow, PyTorch and Keras by year, within each source family.
-- grain:   year, source_family, framework
-- counts:  months are disjoint, so postings may be added up over them; employers may
--          not
-- units:   share_pct is percent (0-100) of n_dl_postings
with

years as (
    select
        source_family,
        framework,
        year(month) as year,
        sum(n_naming)::bigint as n_naming,
        sum(n_dl_postings)::bigint as n_dl_postings
    from mart.demand_by_month
    where framework in ('tensorflow', 'pytorch', 'keras')
    group by all
)

select
    year,
    source_family,
    framework,
    n_naming,
    n_dl_postings,
    round(100.0 * n_naming / n_dl_postings, 2) as share_pct
from years
where n_dl_postings >= 30
order by source_family, year, framework;

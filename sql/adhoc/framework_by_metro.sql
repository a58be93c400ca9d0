-- adhoc.framework_by_metro
-- Which frameworks do the large metros ask for, since 2023?
-- grain:   value (a metro), framework
-- counts:  metros with 30 postings or more that name a deep-learning framework; a
--          posting in two metros stands in both
-- units:   share_pct is percent (0-100) of n_could_show, with its 95 % interval
select
    value as metro,
    framework,
    n_naming,
    n_dl_postings,
    n_could_show,
    n_dl_employers,
    share_pct,
    ci_low_pct,
    ci_high_pct,
    is_small
from framework_share(by := 'metro', since := '2023-01-01')
where n_dl_postings >= 30 and framework in ('pytorch', 'tensorflow', 'keras', 'jax')
order by n_dl_postings desc, metro asc, n_naming desc, framework asc;

-- adhoc.pytorch_by_quarter
-- Is PyTorch asked for more than it was? Quarter by quarter, within each source family.
-- grain:   period, source_family
-- counts:  quarters with 10 postings or more that name a deep-learning framework
-- units:   share_pct is percent (0-100) of n_dl_postings, with its 95 % interval
select
    source_family,
    period,
    n_naming,
    n_required,
    n_dl_postings,
    n_postings,
    n_dl_employers,
    share_pct,
    ci_low_pct,
    ci_high_pct,
    is_small
from demand_over_time('pytorch', by := 'quarter')
where n_dl_postings >= 10
order by source_family, period;

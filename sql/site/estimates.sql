-- site.estimates
-- What each source family says of each claim, and whether it entered the pool.
-- grain:   claim_id, part, time_window, source_family
-- units:   percent or points (0-100), of a trend points a year
select
    claim_id,
    part,
    time_window,
    source_family,
    estimate,
    ci_low,
    ci_high,
    n_postings,
    n_employers,
    pooled
from claim.estimates
order by claim_id, part, time_window, source_family;

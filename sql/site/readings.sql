-- site.readings
-- What each source family, country or venue says under the other readings of a claim.
-- grain:   claim_id, part, time_window, reading, source_family
-- units:   percent or points (0-100)
select
    claim_id,
    part,
    time_window,
    reading,
    source_family,
    estimate,
    ci_low,
    ci_high,
    n_postings,
    n_employers,
    pooled
from claim.readings
order by all;

-- site.sensitivity
-- What each claim would be under other choices.
-- grain:   claim_id, part, time_window, variant
-- units:   percent or points (0-100), of a trend points a year
select
    claim_id,
    part,
    time_window,
    variant,
    verdict,
    estimate,
    ci_low,
    ci_high
from claim.sensitivity
order by claim_id, part, time_window, variant;

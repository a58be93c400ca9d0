-- site.flips
-- The day on which a lead changed sides, within one source family.
-- grain:   claim_id, part, source_family
select
    claim_id,
    part,
    source_family,
    crossed_on,
    ci_low,
    ci_high,
    crossing_pct,
    above_before
from claim.flips
order by claim_id, part, source_family;

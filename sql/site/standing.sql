-- site.standing
-- The headline verdict that stands, since when, and what the newest run finds.
-- grain:   claim_id
select
    claim_id,
    verdict,
    since_run_id,
    since,
    before,
    tonight,
    n_agreeing,
    n_needed,
    reason,
    estimate_before,
    sentence
from claim.standing
order by claim_id;

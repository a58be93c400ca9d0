-- site.claims
-- Every registered claim.
-- grain:   claim_id
select
    claim_id,
    statement,
    said_by,
    rule_hash,
    registered_on,
    testable,
    reason_not_testable,
    topic,
    articles,
    evidence,
    needs_frame,
    needs_observes,
    clusters,
    beside,
    rivals
from claim.claims
order by claim_id;

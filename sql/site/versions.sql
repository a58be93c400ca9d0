-- site.versions
-- Every version of every rule, as it was registered.
-- grain:   claim_id, rule_hash
select
    claim_id,
    rule_hash,
    registered_on,
    rule,
    first_run_id,
    is_current
from claim.rules
order by claim_id asc, is_current desc, first_run_id desc, rule_hash asc;

-- adhoc.newest_verdicts
-- What did the newest run find of every claim? The headline window first.
-- grain:   claim_id, part, time_window
select
    claim_id,
    part,
    time_window,
    verdict,
    estimate,
    ci_low,
    ci_high,
    n_postings,
    n_employers,
    is_robust,
    statement
from claims
order by
    time_window = 'last_24_months' desc,
    claim_id asc,
    part asc,
    time_window asc;

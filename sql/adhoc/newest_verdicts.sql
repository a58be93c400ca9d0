-- adhoc.newest_verdicts
-- What the newest run found of every claim, the headline window first.
-- grain:   claim_id, part, time_window
with

newest_run as (
    select max_by(run_id, started_at) as run_id
    from ops.runs
)

select
    verdicts.claim_id,
    verdicts.part,
    verdicts.time_window,
    verdicts.verdict,
    verdicts.estimate,
    verdicts.ci_low,
    verdicts.ci_high,
    verdicts.n_postings,
    verdicts.n_employers,
    verdicts.is_robust,
    claims.statement
from claim.verdicts
inner join newest_run using (run_id)
left join claim.claims using (claim_id)
where verdicts.reading = 'primary'
order by
    verdicts.time_window = 'last_24_months' desc,
    verdicts.claim_id asc,
    verdicts.part asc,
    verdicts.time_window asc;

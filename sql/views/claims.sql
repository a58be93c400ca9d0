-- main.claims
-- What the newest run found of every claim: its verdicts by window, and what is said.
-- grain:   claim_id, part, time_window
-- counts:  the primary reading of the newest run; the headline is time_window
--          'last_24_months', part 'all'; other readings and earlier runs are in
--          claim.verdicts; `stands` is what is published of the claim as a whole: it
--          changes when three runs with new data agree that it does
with

newest_run as (
    select arg_max(run_id, started_at) as run_id
    from ops.runs
)

select
    verdicts.claim_id,
    verdicts.part,
    verdicts.time_window,
    claims.topic,
    claims.statement,
    claims.said_by,
    claims.articles,
    verdicts.verdict,
    standing.verdict as stands,
    standing.since as stands_since,
    standing.before as stood_before,
    verdicts.estimate,
    verdicts.ci_low,
    verdicts.ci_high,
    verdicts.q_value,
    verdicts.n_postings,
    verdicts.n_employers,
    verdicts.n_sources,
    verdicts.is_robust,
    verdicts.robustness,
    verdicts.minimum_detectable,
    verdicts.sentence,
    claims.registered_on,
    verdicts.rule_hash,
    verdicts.as_of,
    verdicts.run_id
from claim.verdicts
inner join newest_run using (run_id)
left join claim.claims using (claim_id)
left join claim.standing using (claim_id)
where verdicts.reading = 'primary';

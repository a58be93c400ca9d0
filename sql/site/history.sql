-- site.history
-- The headline verdict that each run found.
-- grain:   claim_id, run_id
-- units:   estimate, ci_low and ci_high are percent or points (0-100), of a trend
--          points a year
with

verdicts as (
    select
        claim_id,
        run_id,
        as_of,
        verdict,
        estimate,
        ci_low,
        ci_high,
        n_postings,
        rule_hash
    from claim.verdicts
    where
        part = 'all'
        and reading = 'primary'
        and time_window = 'last_24_months'
),

runs as (
    select
        run_id,
        started_at
    from ops.runs
)

-- a run that is still under way may not be in ops.runs
select
    verdicts.claim_id,
    verdicts.run_id,
    verdicts.as_of,
    verdicts.verdict,
    verdicts.estimate,
    verdicts.ci_low,
    verdicts.ci_high,
    verdicts.n_postings,
    verdicts.rule_hash
from verdicts
left join runs using (run_id)
order by verdicts.claim_id asc, runs.started_at desc nulls first, verdicts.run_id desc;

-- adhoc.changed_verdicts
-- Claims whose verdict differs from that of the run before, with both.
-- grain:   claim_id, part, time_window, reading, run_id
with

verdicts as (
    select
        verdicts.claim_id,
        verdicts.part,
        verdicts.time_window,
        verdicts.reading,
        verdicts.run_id,
        verdicts.as_of,
        verdicts.verdict,
        lag(verdicts.verdict) over (
            partition by
                verdicts.claim_id,
                verdicts.part,
                verdicts.time_window,
                verdicts.reading
            order by runs.started_at
        ) as verdict_before
    from claim.verdicts
    left join ops.runs using (run_id)
)

select
    claim_id,
    part,
    time_window,
    reading,
    run_id,
    as_of,
    verdict_before,
    verdict
from verdicts
where verdict <> verdict_before
order by run_id desc, claim_id asc, part asc, time_window asc, reading asc;

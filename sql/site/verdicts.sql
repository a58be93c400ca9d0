-- site.verdicts
-- What the newest run says of every claim.
-- grain:   claim_id, part, time_window, reading
-- counts:  columns beyond the interface (a sentence, the line to clear …) come along
--          where they are there, and pages do without them where they are not
-- units:   estimate, ci_low, ci_high, bar and minimum_detectable are percent or points
--          (0-100), of a trend points a year
with

judged_runs as (
    select
        run_id,
        max(as_of) as as_of
    from claim.verdicts
    group by all
),

runs as (
    select
        run_id,
        started_at
    from ops.runs
),

-- earlier runs stay in the table; a run that is still under way may not be in ops.runs
newest_run as (
    select judged_runs.run_id
    from judged_runs
    left join runs using (run_id)
    order by
        runs.started_at desc nulls first,
        judged_runs.as_of desc,
        judged_runs.run_id desc
    limit 1
)

select
    verdicts.claim_id,
    verdicts.part,
    verdicts.time_window,
    verdicts.reading,
    verdicts.run_id,
    verdicts.as_of,
    verdicts.verdict,
    verdicts.estimate,
    verdicts.ci_low,
    verdicts.ci_high,
    verdicts.p_value,
    verdicts.q_value,
    verdicts.n_postings,
    verdicts.n_employers,
    verdicts.n_sources,
    verdicts.minimum_detectable,
    columns(
        '^(is_robust|n_families|n_confirmatory|robustness|finding|bar|pooling'
        || '|i_squared_pct|prediction_low|prediction_high|n_clusters'
        || '|decided_by|window_note|provisional|sentence)$'
    )
from claim.verdicts
semi join newest_run using (run_id)
order by
    verdicts.claim_id, verdicts.part, verdicts.time_window, verdicts.reading;

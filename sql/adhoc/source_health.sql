-- adhoc.source_health
-- How did each source fare in the newest run, and when did it last answer whole?
-- grain:   source
-- counts:  n_read = n_kept + n_rejected + n_superseded
with

newest_run as (
    select arg_max(run_id, started_at) as run_id
    from ops.runs
)

select
    source,
    source_runs.status,
    source_health.last_success_on,
    source_health.silent_days,
    source_runs.n_read,
    source_runs.n_kept,
    source_runs.n_rejected,
    source_runs.n_superseded,
    source_runs.n_new,
    source_runs.message,
    source_runs.drift
from ops.source_runs
inner join newest_run using (run_id)
left join ops.source_health using (source)
order by source;

-- adhoc.source_health
-- How each source fared in the newest run, and when it last gave something.
-- grain:   source
with

runs as (
    select
        run_id,
        as_of,
        started_at
    from ops.runs
),

newest_run as (
    select max_by(run_id, started_at) as run_id
    from runs
),

last_success as (
    select
        source_runs.source,
        max(runs.as_of) as last_success_on
    from ops.source_runs
    inner join runs using (run_id)
    where source_runs.status in ('complete', 'unchanged')
    group by all
)

select
    source_runs.source,
    source_runs.status,
    last_success.last_success_on,
    source_runs.n_read,
    source_runs.n_kept,
    source_runs.n_rejected,
    source_runs.n_superseded,
    source_runs.message,
    source_runs.drift
from ops.source_runs
inner join newest_run using (run_id)
left join last_success using (source)
order by source_runs.source;

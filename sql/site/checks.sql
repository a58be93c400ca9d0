-- site.checks
-- What the checks of the newest run found.
-- grain:   name
-- counts:  n_offending rows break the check
with

checks as (
    select
        run_id,
        name,
        n_offending,
        sentence
    from ops.checks
),

runs as (
    select
        run_id,
        started_at
    from ops.runs
),

-- a run that is still under way may not be in ops.runs yet
newest_run as (
    select checks.run_id
    from checks
    left join runs using (run_id)
    order by runs.started_at desc nulls first, checks.run_id desc
    limit 1
)

select
    checks.name,
    checks.n_offending,
    checks.sentence
from checks
semi join newest_run using (run_id)
order by checks.n_offending desc, checks.name asc;

-- site.sources
-- Every source: how it ended last time, what it holds, and under which terms.
-- grain:   source
-- counts:  n_read, n_kept, n_rejected and n_superseded are of the newest run;
--          n_postings are all canonical postings held
with

runs as (
    select
        run_id,
        as_of,
        started_at
    from ops.runs
),

source_runs as (
    select
        run_id,
        source,
        status,
        n_read,
        n_kept,
        n_rejected,
        n_superseded,
        message
    from ops.source_runs
),

-- a run that is still under way may not be in ops.runs yet
newest_runs as (
    select
        source_runs.source,
        source_runs.status,
        source_runs.n_read,
        source_runs.n_kept,
        source_runs.n_rejected,
        source_runs.n_superseded,
        source_runs.message
    from source_runs
    left join runs using (run_id)
    qualify row_number() over (
        partition by source_runs.source
        order by runs.started_at desc nulls first, source_runs.run_id desc
    ) = 1
),

successes as (
    select
        source_runs.source,
        max(runs.started_at)::date as last_success_on
    from source_runs
    inner join runs using (run_id)
    where source_runs.status in ('complete', 'unchanged')
    group by all
),

held as (
    select
        source,
        min(source_family) as source_family,
        min(frame) as frame,
        min(observes) as observes,
        min(licence) as licence,
        count(*) filter (where duplicate_of is null) as n_postings,
        count(distinct employer_id) as n_employers,
        max(posted_on) filter (where date_kind = 'real') as newest_posted_on
    from core.postings
    group by all
)

select
    source,
    held.source_family,
    held.frame,
    held.observes,
    held.licence,
    newest_runs.status,
    newest_runs.n_read,
    newest_runs.n_kept,
    newest_runs.n_rejected,
    newest_runs.n_superseded,
    newest_runs.message,
    successes.last_success_on,
    held.newest_posted_on,
    coalesce(held.n_postings, 0) as n_postings,
    coalesce(held.n_employers, 0) as n_employers
from newest_runs
full outer join held using (source)
left join successes using (source)
order by source;

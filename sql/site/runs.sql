-- site.runs
-- The newest twenty runs, with how their sources ended.
-- grain:   run_id
-- counts:  n_sources were asked, n_whole of them answered whole; n_new postings were
--          not held before
with

sources as (
    select
        run_id,
        count(*) as n_sources,
        count(*) filter (where status in ('complete', 'unchanged')) as n_whole,
        sum(n_new) as n_new
    from ops.source_runs
    group by all
)

select
    runs.run_id,
    runs.as_of,
    runs.status,
    runs.version,
    runs.extractor_version,
    sources.n_sources,
    sources.n_whole,
    sources.n_new,
    runs.started_at::date as started_on,
    round(epoch(runs.ended_at - runs.started_at)) as seconds
from ops.runs
left join sources using (run_id)
order by runs.started_at desc
limit 20;

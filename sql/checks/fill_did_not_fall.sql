-- check.fill_did_not_fall
-- A field of a live source that is filled in less than half as many postings as it
-- usually is.
-- why:     the usual is the median of the last five good runs that published, since
--          the last fall that was confirmed; at least three of them, 20 postings and a
--          tenth filled, since less says nothing. A renamed field halves its fill, an
--          ordinary night does not (set 2026-11)
with

good as (
    select
        fields.source,
        fields.field,
        fields.run_id,
        fields.fill_pct
    from ops.source_fields as fields
    inner join ops.source_runs as runs using (run_id, source)
    where runs.status in ('complete', 'unchanged') and runs.n_listed >= 20
),

measured as (
    select
        source,
        field,
        run_id,
        fill_pct,
        median(fill_pct) over before as usual_pct,
        count(*) over before as n_runs
    from good
    window before as (
        partition by source, field
        order by run_id
        rows between 5 preceding and 1 preceding
    )
),

-- a fall that was published had been confirmed: what is usual begins anew with it
confirmed as (
    select
        measured.source,
        measured.field,
        max(measured.run_id) as run_id
    from measured
    cross join lake.run
    where
        measured.n_runs >= 3
        and measured.fill_pct < 0.5 * measured.usual_pct
        and measured.run_id < run.run_id
    group by all
),

history as (
    select
        good.source,
        good.field,
        good.fill_pct
    from good
    cross join lake.run
    left join confirmed
        on good.source = confirmed.source and good.field = confirmed.field
    where
        good.run_id < run.run_id
        and good.run_id >= coalesce(confirmed.run_id, '')
    qualify
        row_number() over (
            partition by good.source, good.field order by good.run_id desc
        ) <= 5
),

usual as (
    select
        source,
        field,
        median(fill_pct) as usual_pct,
        count(*) as n_runs
    from history
    group by all
)

select
    good.source,
    good.field,
    good.fill_pct,
    usual.usual_pct,
    usual.n_runs
from good
inner join lake.run using (run_id)
inner join usual using (source, field)
anti join lake.accepted_drops using (source)
where
    usual.n_runs >= 3
    and usual.usual_pct >= 10
    and good.fill_pct < 0.5 * usual.usual_pct;

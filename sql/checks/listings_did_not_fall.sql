-- check.listings_did_not_fall
-- A live source that lists less than a quarter of the postings it usually lists.
-- why:     the usual is the median of the last five good runs that published, since
--          the last fall that was confirmed, at least three of them and 40 postings. A
--          run is judged against the one before when it is asked; this sees what slid
--          down over several nights. A quarter, since a board fewer in the config may
--          halve it. hn_hiring opens an empty thread every month, which is half of the
--          two it reads, and all where the config reads one: it is judged by the most
--          of three runs, in which a thread fills (set 2026-11)
with

good as (
    select
        source,
        run_id,
        n_listed,
        case
            when source = 'hn_hiring' then max(n_listed) over last_three
            else n_listed
        end as n_at_most
    from ops.source_runs
    where status in ('complete', 'unchanged')
    window last_three as (
        partition by source
        order by run_id
        rows between 2 preceding and current row
    )
),

measured as (
    select
        source,
        run_id,
        n_at_most,
        median(n_listed) over before as usual,
        count(*) over before as n_runs
    from good
    window before as (
        partition by source
        order by run_id
        rows between 5 preceding and 1 preceding
    )
),

-- a fall that was published had been confirmed: what is usual begins anew with it
confirmed as (
    select
        measured.source,
        max(measured.run_id) as run_id
    from measured
    cross join lake.run
    where
        measured.n_runs >= 3
        and measured.n_at_most < 0.25 * measured.usual
        and measured.run_id < run.run_id
    group by all
),

history as (
    select
        good.source,
        good.n_listed
    from good
    cross join lake.run
    left join confirmed on good.source = confirmed.source
    where
        good.run_id < run.run_id
        and good.run_id >= coalesce(confirmed.run_id, '')
    qualify
        row_number() over (
            partition by good.source order by good.run_id desc
        ) <= 5
),

usual as (
    select
        source,
        median(n_listed) as n_usual,
        count(*) as n_runs
    from history
    group by all
)

select
    good.source,
    good.n_listed,
    usual.n_usual,
    usual.n_runs
from good
inner join lake.run using (run_id)
inner join usual using (source)
anti join lake.accepted_drops using (source)
where
    usual.n_runs >= 3
    and usual.n_usual >= 40
    and good.n_at_most < 0.25 * usual.n_usual;

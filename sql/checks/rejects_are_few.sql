-- check.rejects_are_few
-- A source of which more than 2 % of the records could not be read.
-- why:     a site that changes its shape breaks most of its records, a single odd ad
--          breaks one: 2 % lies well between, and one record alone is never a drift
--          (set 2026-11). A repeated id is no failure to read: its first record is
--          kept; nor is what a feed shows that is no job
with

unreadable as (
    select
        source,
        count(*) as n_unreadable,
        mode(reason) as most_frequent_reason
    from core.rejects
    where reason <> 'duplicate_id' and not starts_with(reason, 'no job: ')
    group by all
),

counts as (
    select
        source,
        n_read
    from lake.source_counts
)

select
    unreadable.source,
    unreadable.n_unreadable,
    counts.n_read,
    unreadable.most_frequent_reason,
    round(100.0 * unreadable.n_unreadable / counts.n_read, 2) as unreadable_pct
from unreadable
inner join counts using (source)
where
    unreadable.n_unreadable > 1
    and 100.0 * unreadable.n_unreadable / counts.n_read > 2;

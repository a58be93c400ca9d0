-- check.sources_did_not_fall
-- A source with over 20 % fewer postings than in the file published before.
-- why:     the lake only grows, so a fall means that files were lost or misread; 20 %
--          leaves room for removals on request and better deduplication. A fall that is
--          meant is confirmed once with --accept-drop SOURCE (set 2026-11)
with

counts as (
    select
        source,
        n_kept
    from lake.source_counts
),

previous_counts as (
    select
        source,
        n_postings
    from lake.previous_counts
)

select
    previous_counts.source,
    previous_counts.n_postings as n_postings_before,
    coalesce(counts.n_kept, 0) as n_postings_now
from previous_counts
left join counts using (source)
anti join lake.accepted_drops using (source)
where coalesce(counts.n_kept, 0) < 0.8 * previous_counts.n_postings;

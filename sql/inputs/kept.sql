-- lake.kept
-- Which of the lake's rows stands for each posting: the same id may lie in several
-- parts.
-- grain:   posting_id
-- counts:  full text goes before a digest, then the part with the highest rank; the
--          rest is superseded, but its first and last sightings still count, and
--          so do those of the listings of a live source
with

postings as (
    select
        posting_id,
        part,
        part_rank,
        content_hash,
        first_seen_on,
        last_seen_on,
        observes = 'digest' as is_digest
    from lake.postings
),

listed as (
    select
        posting_id,
        first_seen_on,
        last_seen_on,
        closed_on,
        reopened_on,
        closed_before_on,
        coalesce(n_reopened, 0) as n_reopened,
        nullif(scope, '') as board
    from lake.sightings
),

ranked as (
    select
        posting_id,
        part,
        is_digest,
        min(first_seen_on) over (partition by posting_id) as first_seen_on,
        max(last_seen_on) over (partition by posting_id) as last_seen_on
    from postings
    qualify row_number() over (
        partition by posting_id
        order by is_digest asc, part_rank desc, content_hash asc, part asc
    ) = 1
)

select
    ranked.posting_id,
    ranked.part,
    ranked.is_digest,
    listed.board,
    listed.closed_on,
    listed.n_reopened,
    listed.reopened_on,
    listed.closed_before_on,
    least(ranked.first_seen_on, listed.first_seen_on) as first_seen_on,
    greatest(ranked.last_seen_on, listed.last_seen_on) as last_seen_on
from ranked
left join listed using (posting_id);

-- lake.kept
-- Which of the lake's rows stands for each posting: the same id may lie in several
-- parts.
-- grain:   posting_id
-- counts:  full text goes before a digest, then the part with the highest rank; the
--          rest is superseded, but its first and last sightings still count
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
)

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
) = 1;

-- lake.source_records
-- What the lake holds of each source, before anything is left out.
-- grain:   source
-- counts:  n_read is postings and rejects; n_superseded is postings whose id stands for
--          itself in another part
with

postings as (
    select
        posting_id,
        part,
        source
    from lake.postings
),

kept as (
    select
        posting_id,
        part
    from lake.kept
),

records as (
    select
        postings.source,
        1 as n_read,
        (kept.posting_id is null)::integer as n_superseded
    from postings
    left join kept using (posting_id, part)
    union all
    select
        source,
        1 as n_read,
        0 as n_superseded
    from lake.rejects
)

select
    source,
    sum(n_read)::bigint as n_read,
    sum(n_superseded)::bigint as n_superseded
from records
group by all;

-- core.rejects
-- Every record that could not become a posting, and why.
-- grain:   one row per record set aside
-- counts:  a repeated id in one file is set aside as duplicate_id: its first record is
--          kept
with

rejects as (
    select
        source,
        reason,
        seen_on,
        nullif(source_id, '') as source_id
    from lake.rejects
)

select
    source,
    source_id,
    reason,
    seen_on
from rejects;

-- lake.canonical
-- The posting that stands for each duplicate; a posting without a row stands for
-- itself.
-- grain:   posting_id
-- counts:  links are followed to their end, so nothing points to another duplicate; a
--          group whose end is not kept, or that runs in a circle, takes its smallest
--          kept id
with recursive

kept as (
    select
        posting_id,
        part,
        is_digest
    from lake.kept
),

digests as (
    select
        posting_id,
        part,
        nullif(digest, '') as digest
    from lake.postings
    where observes = 'digest'
),

computed as (
    select
        posting_id,
        duplicate_of,
        reason
    from lake.duplicates
),

-- a digest has no text left to compare: it keeps what was found while it had
own_links as (
    select
        kept.posting_id,
        digests.digest ->> '$.duplicate_of' as duplicate_of,
        digests.digest ->> '$.duplicate_reason' as duplicate_reason
    from kept
    inner join digests using (posting_id, part)
    where
        kept.is_digest
        and nullif(digests.digest ->> '$.duplicate_of', '') is not null
),

links as (
    select
        posting_id,
        duplicate_of,
        duplicate_reason
    from own_links
    union all
    select
        computed.posting_id,
        min(computed.duplicate_of) as duplicate_of,
        arg_min(computed.reason, computed.duplicate_of) as duplicate_reason
    from computed
    anti join own_links using (posting_id)
    group by all
),

walks as (
    select
        posting_id,
        duplicate_of as reached,
        [posting_id] as path
    from links
    union all
    select
        walks.posting_id,
        links.duplicate_of as reached,
        list_append(walks.path, walks.reached) as path
    from walks
    inner join links on walks.reached = links.posting_id
    where not list_contains(walks.path, walks.reached)
),

ends as (
    select
        posting_id,
        arg_max(reached, len(path)) as reached,
        arg_max(path, len(path)) as path
    from walks
    group by all
),

-- a circle has no end: its smallest member names the group
members as (
    select
        posting_id,
        case
            when list_contains(path, reached)
                then list_min(path[list_position(path, reached):])
            else reached
        end as group_id
    from ends
),

kept_members as (
    select
        members.posting_id,
        members.group_id
    from members
    semi join kept using (posting_id)
),

groups as (
    select
        kept_members.group_id,
        coalesce(min(kept.posting_id), min(kept_members.posting_id)) as canonical_id
    from kept_members
    left join kept on kept_members.group_id = kept.posting_id
    group by all
)

select
    kept_members.posting_id,
    groups.canonical_id as duplicate_of,
    links.duplicate_reason
from kept_members
inner join groups using (group_id)
inner join links using (posting_id)
where kept_members.posting_id <> groups.canonical_id;

-- core.posting_unseen_names
-- The names that stand in a list beside a posting's frameworks and that no list of ours
-- knows.
-- grain:   posting_id, name
-- counts:  candidates, not facts: most are no frameworks; mart.unseen_names counts
--          those that several employers list
with

kept as (
    select
        posting_id,
        part
    from lake.kept
),

facts as (
    select
        posting_id,
        part,
        unnest(unseen) as name
    from lake.facts
)

select distinct
    kept.posting_id,
    facts.name
from kept
inner join facts using (posting_id, part);

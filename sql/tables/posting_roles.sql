-- core.posting_roles
-- The role families a posting offers.
-- grain:   posting_id, role
-- counts:  a posting may offer several roles, so roles must not be summed
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
        unnest(roles) as role
    from lake.facts
)

select distinct
    kept.posting_id,
    facts.role
from kept
inner join facts using (posting_id, part);

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

postings as (
    select
        posting_id,
        posting_no
    from core.postings
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
    facts.role,
    postings.posting_no
from kept
inner join postings using (posting_id)
inner join facts using (posting_id, part)
order by postings.posting_no;

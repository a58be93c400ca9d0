-- core.posting_skills
-- The groups of skills a posting asks for.
-- grain:   posting_id, skill
-- counts:  a posting counts once per group, however many of its terms it names
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
        unnest(skills) as skill
    from lake.facts
)

select distinct
    kept.posting_id,
    facts.skill
from kept
inner join facts using (posting_id, part);

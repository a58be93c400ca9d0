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
        unnest(skills) as skill
    from lake.facts
)

select distinct
    kept.posting_id,
    facts.skill,
    postings.posting_no
from kept
inner join postings using (posting_id)
inner join facts using (posting_id, part)
order by postings.posting_no;

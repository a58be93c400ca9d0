-- core.posting_tools
-- The tools and clouds a posting names.
-- grain:   posting_id, tool
-- counts:  a posting counts once per tool, however often it names it
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
        unnest(tools) as tool
    from lake.facts
)

select distinct
    kept.posting_id,
    facts.tool,
    postings.posting_no
from kept
inner join postings using (posting_id)
inner join facts using (posting_id, part)
order by postings.posting_no;

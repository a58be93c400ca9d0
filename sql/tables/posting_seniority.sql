-- core.posting_seniority
-- The seniorities a posting asks for.
-- grain:   posting_id, seniority
-- counts:  a posting may ask for several, so seniorities must not be summed
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
        unnest(seniority) as seniority
    from lake.facts
)

select distinct
    kept.posting_id,
    facts.seniority,
    postings.posting_no
from kept
inner join postings using (posting_id)
inner join facts using (posting_id, part)
order by postings.posting_no;

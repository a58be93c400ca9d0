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

facts as (
    select
        posting_id,
        part,
        unnest(seniority) as seniority
    from lake.facts
)

select distinct
    kept.posting_id,
    facts.seniority
from kept
inner join facts using (posting_id, part);

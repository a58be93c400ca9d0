-- core.posting_frameworks
-- The frameworks a posting names, each with the strongest requirement in it.
-- grain:   posting_id, framework
-- counts:  a framework that is only negated is a row too: leave it out where you count
--          names
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
        unnest(frameworks) as named
    from lake.facts
)

select
    kept.posting_id,
    facts.named['name'] as framework,
    facts.named['requirement'] as requirement,
    facts.named['alternative'] as is_alternative,
    coalesce(facts.named['joint'], false) as is_joint
from kept
inner join facts using (posting_id, part);

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
        unnest(frameworks) as named
    from lake.facts
),

named as (
    select
        posting_id,
        part,
        named['name'] as framework,
        named['requirement'] as requirement,
        named['alternative'] as is_alternative,
        coalesce(named['joint'], false) as is_joint
    from facts
)

select
    kept.posting_id,
    named.framework,
    named.requirement,
    named.is_alternative,
    named.is_joint,
    postings.posting_no
from kept
inner join postings using (posting_id)
inner join named using (posting_id, part)
order by postings.posting_no;

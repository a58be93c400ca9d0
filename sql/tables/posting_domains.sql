-- core.posting_domains
-- What the work of a posting is about.
-- grain:   posting_id, domain
-- counts:  a posting may be about several domains, so domains must not be summed
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
        unnest(domains) as domain
    from lake.facts
)

select distinct
    kept.posting_id,
    facts.domain,
    postings.posting_no
from kept
inner join postings using (posting_id)
inner join facts using (posting_id, part)
order by postings.posting_no;

-- adhoc.examples_of_a_framework
-- The newest postings that require PyTorch, with the words around it and a link.
-- grain:   posting_id
with

mentions as (
    select
        posting_id,
        arg_min(snippet, char_start) as snippet
    from core.mentions
    where framework = 'pytorch' and requirement = 'required'
    group by all
)

select
    postings.posted_on,
    postings.employer,
    postings.title,
    postings.source,
    postings.url,
    mentions.snippet,
    postings.posting_id
from mentions
inner join core.postings using (posting_id)
where postings.duplicate_of is null
order by postings.posted_on desc nulls last, postings.posting_id asc
limit 50;

-- adhoc.examples_of_a_framework
-- The newest postings that require PyTorch, with the words around it and a link.
-- grain:   posting_id
with

requiring as (
    select distinct posting_no
    from core.mentions
    where framework = 'pytorch' and requirement = 'required'
),

newest as (
    select
        posting_no,
        postings.posted_on,
        postings.employer,
        postings.title,
        postings.source,
        postings.url,
        postings.posting_id
    from core.postings as postings
    semi join requiring using (posting_no)
    where postings.duplicate_of is null
    order by postings.posted_on desc nulls last, postings.posting_id asc
    limit 50
),

-- snippets are long: only those of the postings shown are read
snippets as (
    select
        posting_no,
        arg_min(mentions.snippet, mentions.char_start) as snippet
    from core.mentions as mentions
    semi join newest using (posting_no)
    where mentions.framework = 'pytorch' and mentions.requirement = 'required'
    group by all
)

select
    newest.posted_on,
    newest.employer,
    newest.title,
    newest.source,
    newest.url,
    snippets.snippet,
    newest.posting_id
from newest
inner join snippets using (posting_no)
order by newest.posted_on desc nulls last, newest.posting_id asc;

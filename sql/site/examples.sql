-- site.examples
-- Ten of the newest postings behind each claim, one per employer.
-- grain:   claim_id, posting_id
-- counts:  canonical postings with a real date; linked ones go first
-- units:   asks_for holds our own labels; snippet the ad's words around the first
--          framework it names, null where we hold no words of the ad (digests);
--          url is null unless the posting stands on a public board that one may link to
with

examples as (
    select
        claim_id,
        posting_id
    from claim.examples
),

named as (
    select
        posting_frameworks.posting_id,
        posting_frameworks.requirement,
        posting_frameworks.is_alternative,
        frameworks.title
    from core.posting_frameworks
    inner join core.frameworks using (framework)
    where frameworks.is_deep_learning
),

snippets as (
    select
        mentions.posting_id,
        min_by(mentions.snippet, mentions.char_start) as snippet
    from core.mentions
    inner join core.frameworks using (framework)
    where
        frameworks.is_deep_learning
        and mentions.posting_id in (select examples.posting_id from examples)
    group by all
),

public_boards as (
    select
        [
            'hn_hiring',
            'greenhouse',
            'lever',
            'ashby',
            'smartrecruiters',
            'workable',
            'recruitee',
            'personio'
        ] as names
),

postings as (
    select
        postings.posting_id,
        postings.title,
        postings.employer,
        postings.posted_on,
        postings.is_digest,
        if(
            list_contains(public_boards.names, postings.source), postings.url, null
        ) as url
    from core.postings
    cross join public_boards
),

asked as (
    select
        posting_id,
        string_agg(
            title || ' (' || requirement
            || if(is_alternative, ', one of several)', ')'),
            ', '
            order by title
        ) as asks_for
    from named
    group by all
)

select
    examples.claim_id,
    examples.posting_id,
    postings.title,
    postings.employer,
    postings.posted_on,
    postings.url,
    asked.asks_for,
    if(postings.is_digest, null, snippets.snippet) as snippet
from examples
inner join postings using (posting_id)
left join asked using (posting_id)
left join snippets using (posting_id)
order by examples.claim_id asc, postings.posted_on desc, examples.posting_id asc;

-- site.examples
-- Ten of the newest postings behind each claim, one per employer.
-- grain:   claim_id, posting_id
-- counts:  canonical postings with a real date; linked ones go first
-- units:   asks_for holds our own labels, no words of the ad; url is null unless the
--          posting stands on a public board that one may link to
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
    asked.asks_for
from examples
inner join postings using (posting_id)
left join asked using (posting_id)
order by examples.claim_id asc, postings.posted_on desc, examples.posting_id asc;

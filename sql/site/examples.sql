-- site.examples
-- Up to ten of the newest postings each claim is read in, one per employer.
-- grain:   claim_id, posting_id
-- counts:  canonical postings with a real date that name a deep-learning framework and
--          carry the labels the claim speaks of; linked ones go first
-- units:   asks_for holds our own labels, no words of the ad; url is null unless the
--          posting stands on a public board that one may link to
with

claims as (
    select claim_id
    from claim.claims
    where testable
),

-- the labels a claim speaks of: any label of one dimension, and every dimension named;
-- a claim that is not here is about all postings that name a deep-learning framework
narrowed as (
    select
        listed.claim_id,
        listed.dimension,
        listed.label
    from (
        values
        ('keras-secondary', 'framework', 'keras'),
        ('pt-leads-research', 'role_or_kind', 'ml_researcher'),
        ('pt-leads-research', 'role_or_kind', 'research_lab')
    ) as listed (claim_id, dimension, label)
),

named as (
    select
        posting_frameworks.posting_id,
        posting_frameworks.framework,
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
        postings.employer_id,
        postings.employer_kind,
        postings.posted_on,
        if(
            list_contains(public_boards.names, postings.source), postings.url, null
        ) as url
    from core.postings
    cross join public_boards
    where
        postings.duplicate_of is null
        and postings.date_kind = 'real'
        and postings.posted_on is not null
        and postings.title is not null
),

asking as (
    select distinct posting_id
    from named
    where requirement <> 'negated'
),

naming_postings as (
    select
        postings.posting_id,
        postings.title,
        postings.employer,
        postings.employer_id,
        postings.employer_kind,
        postings.posted_on,
        postings.url
    from postings
    semi join asking using (posting_id)
),

labels as (
    select
        posting_id,
        'role_or_kind' as dimension,
        employer_kind as label
    from naming_postings
    union all
    select
        posting_id,
        'role_or_kind' as dimension,
        role as label
    from core.posting_roles
    union all
    select
        posting_id,
        'framework' as dimension,
        framework as label
    from named
    where requirement <> 'negated'
),

wanted as (
    select
        claims.claim_id,
        count(distinct narrowed.dimension) as n_dimensions
    from claims
    left join narrowed using (claim_id)
    group by all
),

met as (
    select
        narrowed.claim_id,
        labels.posting_id,
        count(distinct narrowed.dimension) as n_dimensions
    from narrowed
    inner join labels using (dimension, label)
    group by all
),

candidates as (
    select
        wanted.claim_id,
        met.posting_id
    from wanted
    inner join met using (claim_id, n_dimensions)
    union all
    select
        wanted.claim_id,
        naming_postings.posting_id
    from wanted
    cross join naming_postings
    where wanted.n_dimensions = 0
),

-- one voice per employer: ten ads of one company are no picture of a market
newest_of_employer as (
    select
        candidates.claim_id,
        naming_postings.posting_id,
        naming_postings.title,
        naming_postings.employer,
        naming_postings.posted_on,
        naming_postings.url
    from candidates
    inner join naming_postings using (posting_id)
    qualify row_number() over (
        partition by
            candidates.claim_id,
            coalesce(naming_postings.employer_id, naming_postings.posting_id)
        order by
            naming_postings.url is null asc,
            naming_postings.posted_on desc,
            naming_postings.posting_id asc
    ) = 1
),

newest as (
    select
        claim_id,
        posting_id,
        title,
        employer,
        posted_on,
        url
    from newest_of_employer
    qualify row_number() over (
        partition by claim_id
        order by url is null asc, posted_on desc, posting_id asc
    ) <= 10
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
    newest.claim_id,
    newest.posting_id,
    newest.title,
    newest.employer,
    newest.posted_on,
    newest.url,
    asked.asks_for
from newest
inner join asked using (posting_id)
order by newest.claim_id asc, newest.posted_on desc, newest.posting_id asc;

-- check.values_known
-- A value outside the vocabulary in a column that other queries filter by.
-- why:     no row may offend; a filter would leave it out in silence (set 2026-11). A
--          digest must say what its original showed, so 'digest' is not a value here
with

found as (
    select
        'date_kind' as column_name,
        date_kind as value,
        posting_id as example
    from core.postings
    where date_kind is null or date_kind not in ('real', 'proxy', 'none')
    union all
    select
        'observes' as column_name,
        observes as value,
        posting_id as example
    from core.postings
    where
        observes is null
        or observes not in ('full_text', 'snippet', 'skill_list', 'titles')
    union all
    select
        'frame' as column_name,
        frame as value,
        posting_id as example
    from core.postings
    where frame is null or frame not in ('all_jobs', 'search_words')
    union all
    select
        'workplace' as column_name,
        workplace as value,
        posting_id as example
    from core.postings
    where
        workplace is null
        or workplace not in ('onsite', 'hybrid', 'remote', 'unknown')
    union all
    select
        'employer_kind' as column_name,
        employer_kind as value,
        posting_id as example
    from core.postings
    where
        employer_kind is null
        or employer_kind not in (
            'enterprise', 'startup', 'mid_size', 'research_lab', 'university',
            'government', 'nonprofit', 'agency', 'unknown'
        )
    union all
    select
        'salary_period' as column_name,
        salary_period as value,
        posting_id as example
    from core.postings
    where salary_period not in ('year', 'month', 'day', 'hour')
    union all
    select
        'salary_currency' as column_name,
        salary_currency as value,
        posting_id as example
    from core.postings
    where not regexp_full_match(salary_currency, '[A-Z]{3}')
    union all
    select
        'language' as column_name,
        language as value,
        posting_id as example
    from core.postings
    where not regexp_full_match(language, '[a-z]{2}')
    union all
    select
        'country' as column_name,
        country as value,
        posting_id as example
    from core.posting_places
    where not regexp_full_match(country, '[A-Z]{2}')
    union all
    select
        'requirement' as column_name,
        requirement as value,
        posting_id as example
    from core.posting_frameworks
    where
        requirement is null
        or requirement not in ('required', 'preferred', 'mentioned', 'negated')
    union all
    select
        'kind' as column_name,
        kind as value,
        posting_id as example
    from core.mentions
    where
        kind is null
        or kind not in ('framework', 'ecosystem', 'tool', 'skill', 'own')
    union all
    select
        'duplicate_reason' as column_name,
        duplicate_reason as value,
        posting_id as example
    from core.postings
    where (duplicate_of is null) <> (duplicate_reason is null)
    union all
    select
        'verdict' as column_name,
        verdict as value,
        claim_id as example
    from claim.verdicts
    where
        verdict not in (
            'supported', 'contradicted', 'inconclusive', 'insufficient_data',
            'not_testable'
        )
)

select
    column_name,
    value,
    min(example) as example,
    count(*) as n_rows
from found
group by all;

-- core.judged_postings
-- Canonical postings as the claims read them: each with all its labels beside it.
-- grain:   posting_id
-- counts:  frameworks are those of the deep-learning set that are named, not only
--          negated; tf.keras is one thing named, Keras: is_one_span tells such
--          postings, n_frameworks counts them once, and names_tensorflow is still
--          true of them. is_production: skill deployment or a serving term; is_entry:
--          intern or entry; is_senior: senior, lead or executive; names_cloud: aws,
--          gcp or azure; own_terms: the user's own, null where only a digest is held
-- memory:  made a piece at a time, by the variables first_no and last_no; without them
--          it is made whole
-- units:   period is the first day of the month; pay_year is the middle of what is
--          offered a year, in salary_currency
with

postings as (
    select
        posting_id,
        source,
        source_family,
        frame,
        observes,
        date_kind,
        employer_id,
        employer_kind,
        industry,
        is_ai,
        salary_currency,
        is_digest,
        date_trunc('month', posted_on)::date as period,
        (
            coalesce(salary_min_year, salary_max_year)
            + coalesce(salary_max_year, salary_min_year)
        ) / 2 as pay_year
    from core.postings
    where
        duplicate_of is null
        and posting_no >= coalesce(getvariable('first_no')::bigint, 0)
        and posting_no <= coalesce(getvariable('last_no')::bigint, 9e18::bigint)
),

deep_frameworks as (
    select framework
    from core.frameworks
    where is_deep_learning
),

posting_frameworks as (
    select
        posting_id,
        framework,
        is_joint
    from core.posting_frameworks
    where requirement <> 'negated'
),

named as (
    select
        posting_frameworks.posting_id,
        list(framework order by framework) as frameworks,
        bool_or(framework = 'tensorflow') as names_tensorflow,
        bool_or(framework = 'pytorch') as names_pytorch,
        bool_or(framework = 'keras') as names_keras,
        count(*) filter (
            where framework in ('keras', 'tensorflow') and posting_frameworks.is_joint
        ) = 2 as is_one_span,
        count(*) as n_named
    from posting_frameworks
    inner join deep_frameworks using (framework)
    group by all
),

serving as (
    select distinct posting_id
    from core.mentions
    where
        kind = 'ecosystem'
        and term in (
            'tf_serving',
            'tf_lite',
            'tf_js',
            'tfx',
            'torchserve',
            'torchscript',
            'pytorch_mobile',
            'executorch'
        )
        and requirement is distinct from 'negated'
),

own_terms as (
    select
        posting_id,
        list(distinct term order by term) as own_terms
    from core.mentions
    where kind = 'own' and requirement is distinct from 'negated'
    group by all
),

labels as (
    select
        posting_id,
        roles,
        seniority,
        domains,
        tools,
        skills,
        countries,
        regions,
        metros
    from core.posting_labels
    where
        posting_no >= coalesce(getvariable('first_no')::bigint, 0)
        and posting_no <= coalesce(getvariable('last_no')::bigint, 9e18::bigint)
)

select
    postings.posting_id,
    postings.source,
    postings.source_family,
    postings.frame,
    postings.observes,
    postings.date_kind,
    postings.period,
    postings.employer_id,
    postings.employer_kind,
    postings.industry,
    postings.is_ai,
    postings.pay_year,
    postings.salary_currency,
    postings.is_digest,
    coalesce(named.names_tensorflow, false) as names_tensorflow,
    coalesce(named.names_pytorch, false) as names_pytorch,
    coalesce(named.names_keras, false) as names_keras,
    coalesce(named.is_one_span, false) as is_one_span,
    coalesce(named.n_named - named.is_one_span::integer, 0)::integer as n_frameworks,
    coalesce(list_has_any(labels.tools, ['aws', 'gcp', 'azure']), false) as names_cloud,
    serving.posting_id is not null
    or coalesce(list_contains(labels.skills, 'deployment'), false) as is_production,
    coalesce(
        list_has_any(labels.seniority, ['intern', 'entry']), false
    ) as is_entry,
    coalesce(
        list_has_any(labels.seniority, ['senior', 'lead', 'executive']), false
    ) as is_senior,
    coalesce(named.frameworks, []) as frameworks,
    coalesce(labels.roles, []) as roles,
    coalesce(labels.seniority, []) as seniority,
    coalesce(labels.domains, []) as domains,
    coalesce(labels.tools, []) as tools,
    coalesce(labels.skills, []) as skills,
    coalesce(labels.countries, []) as countries,
    coalesce(labels.regions, []) as regions,
    coalesce(labels.metros, []) as metros,
    case when not postings.is_digest then coalesce(own_terms.own_terms, []) end
        as own_terms
from postings
left join named using (posting_id)
left join serving using (posting_id)
left join own_terms using (posting_id)
left join labels using (posting_id);

-- core.framework_postings
-- Canonical postings that name a deep-learning framework: the population that claims
-- about frameworks are judged in.
-- grain:   posting_id
-- counts:  a framework that is only negated is not named; tf.keras is one thing named,
--          Keras, and no TensorFlow beside it
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
        date_trunc('month', posted_on)::date as period
    from core.postings
    where duplicate_of is null
),

frameworks as (
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
        bool_or(framework = 'tensorflow') as names_tensorflow,
        bool_or(framework = 'pytorch') as names_pytorch,
        bool_or(framework = 'keras') as names_keras,
        count(*) filter (
            where framework in ('keras', 'tensorflow') and posting_frameworks.is_joint
        ) = 2 as is_one_span,
        count(*) as n_named
    from posting_frameworks
    inner join frameworks using (framework)
    group by all
)

select
    posting_id,
    postings.source,
    postings.source_family,
    postings.frame,
    postings.observes,
    postings.date_kind,
    postings.period,
    postings.employer_id,
    postings.employer_kind,
    postings.industry,
    named.names_tensorflow,
    named.names_pytorch,
    named.names_keras,
    named.is_one_span,
    named.n_named - named.is_one_span::integer as n_frameworks
from postings
inner join named using (posting_id);

-- claim.fundamentals_over_framework
-- The fundamentals of machine learning minus each of the two large frameworks.
-- grain:   part, source, month, employer (null where no employer is known)
-- units:   numerator is AI postings naming the fundamentals minus those naming the
--          framework; denominator all AI postings
with

pairs as (
    select
        source,
        source_family,
        frame,
        observes,
        date_kind,
        period,
        employer_id,
        list_contains(skills, 'ml_fundamentals')::integer as has_fundamentals,
        unnest(['over_tensorflow', 'over_pytorch']) as part,
        unnest([names_tensorflow::integer, names_pytorch::integer]) as has_framework
    from core.judged_postings
    where is_ai
)

select
    part,
    source,
    source_family,
    frame,
    observes,
    date_kind,
    period,
    employer_id,
    count(*) as n_postings,
    sum(has_fundamentals - has_framework) as numerator,
    count(*) as denominator
from pairs
group by all
order by all;

-- claim.industry_retail_keras
-- Postings that name Keras, in retail and elsewhere, among those that name a framework.
-- grain:   part, source, month, employer (null where no employer is known)
-- counts:  an industry that no ad tells is "other" and stands with the rest
with

sides as (
    select
        source,
        source_family,
        frame,
        observes,
        date_kind,
        period,
        employer_id,
        names_keras,
        case when industry = 'retail' then 'retail' else 'rest' end as part
    from core.judged_postings
    where n_frameworks > 0
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
    count(*) filter (where names_keras) as numerator,
    count(*) as denominator
from sides
group by all
order by all;

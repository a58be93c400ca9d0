-- claim.keras_startups
-- Postings that name Keras, at startups and at enterprises.
-- grain:   part, source, month, employer (null where no employer is known)
select
    employer_kind as part,
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
from core.judged_postings
where
    n_frameworks > 0
    and employer_kind in ('startup', 'enterprise')
group by all
order by all;

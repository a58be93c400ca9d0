-- claim.keras_still_relevant
-- Postings that name Keras among those that name a deep-learning framework.
-- grain:   part, source, month, employer (null where no employer is known)
select
    'all' as part,
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
where n_frameworks > 0
group by all
order by all;

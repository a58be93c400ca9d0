-- claim.keras_rarely_decides
-- Postings that name nothing beside Keras among those that name Keras.
-- grain:   part, source, month, employer (null where no employer is known)
-- counts:  other frameworks are those of the deep-learning set; tf.keras alone is
--          Keras alone
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
    count(*) filter (where n_frameworks = 1) as numerator,
    count(*) as denominator
from core.judged_postings
where names_keras
group by all
order by all;

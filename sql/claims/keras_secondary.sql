-- claim.keras_secondary
-- What stands beside Keras, and how often nothing does.
-- grain:   part, source, month, employer (null where no employer is known)
-- counts:  postings that name Keras; tf.keras alone is Keras, no TensorFlow beside it
-- units:   numerator of beside_tensorflow is postings also naming TensorFlow minus
--          postings also naming PyTorch; of alone, postings naming nothing else
with

measures as (
    select
        source,
        source_family,
        frame,
        observes,
        date_kind,
        period,
        employer_id,
        unnest(['beside_tensorflow', 'alone']) as part,
        unnest([
            (names_tensorflow and not is_one_span)::integer - names_pytorch::integer,
            (n_frameworks = 1)::integer
        ]) as measure
    from core.judged_postings
    where names_keras
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
    sum(measure) as numerator,
    count(*) as denominator
from measures
group by all
order by all;

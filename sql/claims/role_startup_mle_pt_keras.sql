-- claim.role_startup_mle_pt_keras
-- TensorFlow minus PyTorch and TensorFlow minus Keras for ML engineers at startups.
-- grain:   part, source, month, employer (null where no employer is known)
-- counts:  a posting that offers several roles counts in each
-- units:   numerator is postings naming TensorFlow minus those naming the other of the
--          part
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
        unnest(['pytorch', 'keras']) as part,
        unnest([
            names_tensorflow::integer - names_pytorch::integer,
            names_tensorflow::integer - names_keras::integer
        ]) as measure
    from core.judged_postings
    where
        n_frameworks > 0
        and list_contains(roles, 'ml_engineer')
        and employer_kind = 'startup'
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

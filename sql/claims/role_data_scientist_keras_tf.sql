-- claim.role_data_scientist_keras_tf
-- TensorFlow minus PyTorch and Keras minus PyTorch in postings for data scientists.
-- grain:   part, source, month, employer (null where no employer is known)
-- counts:  a posting that offers several roles counts in each
-- units:   numerator is postings naming the framework of the part minus those naming
--          PyTorch
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
        unnest(['tensorflow', 'keras']) as part,
        unnest([
            names_tensorflow::integer - names_pytorch::integer,
            names_keras::integer - names_pytorch::integer
        ]) as measure
    from core.judged_postings
    where
        n_frameworks > 0
        and list_contains(roles, 'data_scientist')
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

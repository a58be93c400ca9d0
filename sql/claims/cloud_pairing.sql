-- claim.cloud_pairing
-- How often AWS and Google Cloud are named beside PyTorch and beside TensorFlow.
-- grain:   part, source, month, employer (null where no employer is known)
-- counts:  a posting naming both frameworks stands on both sides; AWS includes
--          SageMaker
-- units:   numerator is postings naming the cloud; denominator those naming the
--          framework
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
        unnest([
            'aws_pytorch',
            'aws_tensorflow',
            'gcp_tensorflow',
            'gcp_pytorch'
        ]) as part,
        unnest([
            names_pytorch,
            names_tensorflow,
            names_tensorflow,
            names_pytorch
        ]) as names_framework,
        unnest([
            list_has_any(tools, ['aws', 'sagemaker']),
            list_has_any(tools, ['aws', 'sagemaker']),
            list_contains(tools, 'gcp'),
            list_contains(tools, 'gcp')
        ]) as has_cloud
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
    count(*) filter (where has_cloud) as numerator,
    count(*) as denominator
from sides
where names_framework
group by all
order by all;

-- claim.big_tech_tf
-- TensorFlow minus PyTorch in the ads found of four large technology companies.
-- grain:   part, month, cluster: a named employer's ads of one role, place, quarter
-- counts:  every ad we hold of the employer, so all sources are one family, whatever
--          each was sampled for; employer_id holds the cluster, the part the employer
-- units:   numerator is postings naming TensorFlow minus postings naming PyTorch
with

ads as (
    select
        employer_id as part,
        source,
        date_kind,
        period,
        names_tensorflow::integer - names_pytorch::integer as lead_of_tensorflow,
        concat_ws(
            ' | ',
            array_to_string(roles, ' '),
            array_to_string(countries, ' '),
            array_to_string(metros, ' '),
            coalesce(strftime(period, '%Y') || ' Q' || quarter(period), 'undated')
        ) as role_place_quarter
    from core.judged_postings
    where
        n_frameworks > 0
        and observes <> 'titles'
        and employer_id in (
            'google',
            'amazon',
            'microsoft',
            'nvidia'
        )
)

select
    part,
    source,
    'every_source' as source_family,
    'any' as frame,
    'full_text' as observes,
    date_kind,
    period,
    role_place_quarter as employer_id,
    count(*) as n_postings,
    sum(lead_of_tensorflow) as numerator,
    count(*) as denominator
from ads
group by all
order by all;

-- claim.na_eu_balanced
-- Each framework minus each other one, in North America and in Europe.
-- grain:   part, source, month, employer (null where no employer is known)
-- counts:  a posting with places in both regions counts in both; tf.keras names both
-- units:   numerator is postings naming the first of a pair minus those naming the
--          second
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
        list_intersect(regions, ['north_america', 'europe']) as regions,
        unnest(['tensorflow_pytorch', 'tensorflow_keras', 'pytorch_keras']) as pair,
        unnest([
            names_tensorflow::integer - names_pytorch::integer,
            names_tensorflow::integer - names_keras::integer,
            names_pytorch::integer - names_keras::integer
        ]) as measure
    from core.judged_postings
    where n_frameworks > 0
),

regional_pairs as (
    select
        source,
        source_family,
        frame,
        observes,
        date_kind,
        period,
        employer_id,
        measure,
        unnest(regions) || '_' || pair as part
    from pairs
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
from regional_pairs
group by all
order by all;

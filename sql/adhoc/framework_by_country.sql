-- adhoc.framework_by_country
-- Where TensorFlow and PyTorch stand, country by country, over all months.
-- grain:   country
-- counts:  canonical postings with a real date; a posting in two countries stands in
--          both
with

countries as (
    select
        country,
        sum(n_dl_postings) filter (where framework = 'pytorch')::bigint
            as n_dl_postings,
        sum(n_naming) filter (where framework = 'pytorch')::bigint as n_pytorch,
        sum(n_naming) filter (where framework = 'tensorflow')::bigint as n_tensorflow
    from mart.framework_demand
    where
        country <> 'all'
        and source = 'all'
        and region = 'all'
        and metro = 'all'
        and role = 'all'
        and employer_kind = 'all'
    group by all
)

select
    country,
    n_dl_postings,
    n_pytorch,
    n_tensorflow,
    round(100.0 * (n_tensorflow - n_pytorch) / n_dl_postings, 2) as tensorflow_lead_pct
from countries
where n_dl_postings >= 30
order by n_dl_postings desc, country asc;

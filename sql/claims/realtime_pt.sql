-- claim.realtime_pt
-- TensorFlow minus PyTorch in postings about robotics and autonomous systems.
-- grain:   part, source, month, employer (null where no employer is known)
-- counts:  a posting about several domains counts in each
-- units:   numerator is postings naming TensorFlow minus postings naming PyTorch
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
    sum(names_tensorflow::integer - names_pytorch::integer) as numerator,
    count(*) as denominator
from core.judged_postings
where
    n_frameworks > 0
    and list_contains(domains, 'robotics_autonomy')
group by all
order by all;

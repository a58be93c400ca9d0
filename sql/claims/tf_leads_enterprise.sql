-- claim.tf_leads_enterprise
-- TensorFlow minus PyTorch in the postings of enterprises.
-- grain:   part, source, month, employer (null where no employer is known)
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
    and employer_kind = 'enterprise'
group by all
order by all;

-- adhoc.lead_by_role
-- Do researchers and engineers prefer different frameworks? How far PyTorch leads
-- TensorFlow, role by role.
-- grain:   value (a role)
-- counts:  roles with 30 postings or more that name a deep-learning framework; a
--          posting that offers two roles stands in both
-- units:   lead_pct is points of n_dl_postings; an interval that holds 0 is no lead
select
    value as role,
    n_naming as n_pytorch,
    n_naming_other as n_tensorflow,
    n_both,
    n_dl_postings,
    n_dl_employers,
    lead_pct as pytorch_lead_pct,
    ci_low_pct,
    ci_high_pct,
    is_small
from compare('pytorch', 'tensorflow', by := 'role')
where n_dl_postings >= 30
order by n_dl_postings desc, role asc;

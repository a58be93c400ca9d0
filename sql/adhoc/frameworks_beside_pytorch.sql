-- adhoc.frameworks_beside_pytorch
-- What else must somebody know who knows PyTorch?
-- grain:   other_framework
-- units:   together_pct is percent (0-100) of n_naming, the postings that name PyTorch
select
    other_framework,
    n_both,
    n_naming,
    n_naming_other,
    n_employers,
    together_pct,
    of_other_pct,
    is_small
from pairs_with('pytorch')
where n_employers >= 5
order by n_both desc, other_framework asc;

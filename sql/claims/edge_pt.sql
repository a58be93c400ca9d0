-- claim.edge_pt
-- Postings that name PyTorch among those about mobile and edge devices.
-- grain:   part, source, month, employer (null where no employer is known)
-- counts:  a posting about several domains counts in each
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
    count(*) filter (where names_pytorch) as numerator,
    count(*) as denominator
from core.judged_postings
where
    n_frameworks > 0
    and list_contains(domains, 'mobile_edge')
group by all
order by all;

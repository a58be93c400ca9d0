-- claim.framework_demand_rising
-- Postings that name a deep-learning framework among AI postings.
-- grain:   part, source, month, employer (null where no employer is known)
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
    count(*) filter (where n_frameworks > 0) as numerator,
    count(*) as denominator
from core.judged_postings
where is_ai
group by all
order by all;

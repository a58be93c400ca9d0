-- adhoc.open_on_a_day
-- What was open on 1 October 2024, if an ad seen once stays open for 30 days?
-- grain:   source, evidence
-- counts:  canonical postings; evidence 'seen' was listed before and after the day, the
--          rest is assumed
-- units:   ai_pct is percent (0-100) of n_open
select
    source,
    evidence,
    count(*) as n_open,
    count(*) filter (where is_ai) as n_ai,
    count(distinct employer) as n_employer_names,
    round(100.0 * count(*) filter (where is_ai) / count(*), 2) as ai_pct
from open_on('2024-10-01', assume_days := 30)
group by all
order by source, evidence;

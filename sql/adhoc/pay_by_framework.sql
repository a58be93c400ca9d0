-- adhoc.pay_by_framework
-- What do ads that name a framework offer to pay, in dollars since 2023?
-- grain:   framework
-- counts:  frameworks with 10 postings or more that state pay; few do, see paid_pct
-- units:   dollars per year, the middle of the stated range; paid_pct is percent
--          (0-100) of n_ai_postings
select
    framework,
    n_paid_postings,
    n_ai_postings,
    n_employers,
    pay_p25_year,
    pay_median_year,
    pay_p75_year,
    is_small,
    round(100.0 * n_paid_postings / n_ai_postings, 2) as paid_pct
from salary_by_framework(currency := 'USD', since := '2023-01-01')
where n_paid_postings >= 10
order by pay_median_year desc, framework asc;

-- check.pay_in_bounds
-- Pay that nobody is paid: none, less than none, or more than 10 billion a year, in
-- currencies worth a dollar or so more than 2 million.
-- why:     one number read wrongly moves a mean. Extraction believes about a million
--          dollars a year, and less for an hour, a day or a month; this is the net
--          below it. 10 billion is a manager's year in the smallest currencies
--          (set 2026-11)
select
    posting_id,
    salary_min_year,
    salary_max_year,
    salary_currency,
    salary_period
from core.postings
where
    salary_min_year <= 0
    or salary_max_year <= 0
    or salary_min_year > 1e10
    or salary_max_year > 1e10
    or (
        salary_currency in ('USD', 'EUR', 'GBP', 'CHF', 'CAD', 'AUD')
        and greatest(salary_min_year, salary_max_year) > 2e6
    )
    or (
        coalesce(salary_min_year, salary_max_year) is not null
        and salary_period is null
    );

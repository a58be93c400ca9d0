-- check.pay_in_bounds
-- Pay that nobody is paid: none, less than none, or more than 10 billion a year.
-- why:     one number read wrongly moves a mean. 10 billion is a manager's year in the
--          smallest currencies; the largest of the embedded corpus is 14 million rupees
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
        coalesce(salary_min_year, salary_max_year) is not null
        and salary_period is null
    );

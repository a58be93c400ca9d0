-- claim.data_skills
-- AI postings that ask for data preparation or feature engineering.
-- grain:   part, source, month, employer (null where no employer is known)
-- units:   numerator is AI postings that name it; denominator all AI postings
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
    count(*) filter (where list_contains(skills, 'data_preparation')) as numerator,
    count(*) as denominator
from core.judged_postings
where is_ai
group by all
order by all;

-- check.values_known
-- A value outside the vocabulary in a column that other queries filter by.
-- why:     no row may offend; a filter would leave it out in silence (set 2026-11). A
--          digest must say what its original showed, so 'digest' is not a value here
select
    'date_kind' as column_name,
    date_kind as value,
    min(posting_id) as example,
    count(*) as n_rows
from core.postings
where date_kind is null or date_kind not in ('real', 'proxy', 'none')
group by all
union all
select
    'observes' as column_name,
    observes as value,
    min(posting_id) as example,
    count(*) as n_rows
from core.postings
where
    observes is null
    or observes not in ('full_text', 'snippet', 'skill_list', 'titles')
group by all
union all
select
    'frame' as column_name,
    frame as value,
    min(posting_id) as example,
    count(*) as n_rows
from core.postings
where frame is null or frame not in ('all_jobs', 'search_words')
group by all
union all
select
    'requirement' as column_name,
    requirement as value,
    min(posting_id) as example,
    count(*) as n_rows
from core.posting_frameworks
where
    requirement is null
    or requirement not in ('required', 'preferred', 'mentioned', 'negated')
group by all;

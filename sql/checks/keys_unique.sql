-- check.keys_unique
-- A key that stands twice: every count over the table would count it twice.
-- why:     no row may offend; the key of a table is its grain (set 2026-11)
select
    'core.postings' as relation,
    posting_id as key,
    count(*) as n_rows
from core.postings
group by all
having count(*) > 1
union all
select
    'core.posting_roles' as relation,
    concat_ws(' ', posting_id, role) as key,
    count(*) as n_rows
from core.posting_roles
group by all
having count(*) > 1
union all
select
    'core.posting_seniority' as relation,
    concat_ws(' ', posting_id, seniority) as key,
    count(*) as n_rows
from core.posting_seniority
group by all
having count(*) > 1
union all
select
    'core.posting_domains' as relation,
    concat_ws(' ', posting_id, domain) as key,
    count(*) as n_rows
from core.posting_domains
group by all
having count(*) > 1
union all
select
    'core.posting_places' as relation,
    concat_ws(' ', posting_id, country, subdivision, metro, city, region) as key,
    count(*) as n_rows
from core.posting_places
group by posting_id, country, subdivision, metro, city, region
having count(*) > 1
union all
select
    'core.posting_frameworks' as relation,
    concat_ws(' ', posting_id, framework) as key,
    count(*) as n_rows
from core.posting_frameworks
group by all
having count(*) > 1
union all
select
    'core.posting_unseen_names' as relation,
    concat_ws(' ', posting_id, name) as key,
    count(*) as n_rows
from core.posting_unseen_names
group by all
having count(*) > 1
union all
select
    'mart.unseen_names' as relation,
    name as key,
    count(*) as n_rows
from mart.unseen_names
group by all
having count(*) > 1
union all
select
    'core.mentions' as relation,
    concat_ws(' ', posting_id, field, char_start, char_end, term, framework) as key,
    count(*) as n_rows
from core.mentions
group by all
having count(*) > 1
union all
select
    'core.frameworks' as relation,
    framework as key,
    count(*) as n_rows
from core.frameworks
group by all
having count(*) > 1
union all
select
    'core.employers' as relation,
    employer_id as key,
    count(*) as n_rows
from core.employers
group by all
having count(*) > 1;

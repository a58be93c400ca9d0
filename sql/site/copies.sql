-- site.copies
-- How many of each source's postings repeat another, and why.
-- grain:   source, duplicate_reason
-- counts:  n_copies of all postings kept; a posting has one reason
select
    source,
    duplicate_reason,
    count(*) as n_copies
from core.postings
where duplicate_of is not null
group by all
order by source, duplicate_reason;

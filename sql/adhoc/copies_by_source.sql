-- adhoc.copies_by_source
-- How many of a source's ads repeat another, and why?
-- grain:   source, duplicate_reason
-- counts:  n_postings are all postings of the source, n_canonical those that repeat
--          none
-- units:   copies_pct is percent (0-100) of n_postings
with

totals as (
    select
        source,
        count(*) as n_postings,
        count(*) filter (where duplicate_of is null) as n_canonical
    from core.postings
    group by all
),

copies as (
    select
        source,
        duplicate_reason,
        count(*) as n_copies
    from core.postings
    where duplicate_of is not null
    group by all
)

select
    source,
    copies.duplicate_reason,
    copies.n_copies,
    totals.n_postings,
    totals.n_canonical,
    round(100.0 * copies.n_copies / totals.n_postings, 2) as copies_pct
from copies
inner join totals using (source)
order by copies.n_copies desc, source asc, copies.duplicate_reason asc;

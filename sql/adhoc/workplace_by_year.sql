-- adhoc.workplace_by_year
-- How much AI work is remote? Year by year, within each source family.
-- grain:   year, source_family
-- counts:  canonical AI postings with a real date; n_told are those that say where the
--          work is done, n_employers the known employers behind them
-- units:   the shares are percent (0-100) of n_told; years with fewer than 30 are left
--          out
with

years as (
    select
        source_family,
        year(posted_on) as year,
        count(*) as n_ai_postings,
        count(*) filter (where workplace <> 'unknown') as n_told,
        count(*) filter (where workplace = 'remote') as n_remote,
        count(*) filter (where workplace = 'hybrid') as n_hybrid,
        count(distinct employer_id) filter (where workplace <> 'unknown')
            as n_employers
    from core.postings
    where duplicate_of is null and is_ai and date_kind = 'real'
    group by all
)

select
    source_family,
    year,
    n_ai_postings,
    n_told,
    n_employers,
    n_employers < 5 as is_small,
    round(100.0 * n_remote / n_told, 2) as remote_pct,
    round(100.0 * n_hybrid / n_told, 2) as hybrid_pct,
    round(100.0 * (n_told - n_remote - n_hybrid) / n_told, 2) as onsite_pct
from years
where n_told >= 30
order by source_family, year;

-- claim.market_cagr_38_8
-- The yearly growth that leads from the first stated figure to the second one.
-- grain:   one row
-- units:   billion US dollars as stated; numerator over denominator is growth a year
with

stated as (
    select
        21.17 as earlier,
        209.91 as later,
        2029 - 2022 as n_years
)

-- the order of the columns is given to every claim
select  -- noqa: ST06
    'all' as part,
    'stated_figures' as source,
    'stated_figures' as source_family,
    'series' as frame,
    'series' as observes,
    'real' as date_kind,
    null::date as period,
    null::varchar as employer_id,
    1 as n_postings,
    pow(later / earlier, 1.0 / n_years) - 1 as numerator,
    1 as denominator
from stated;

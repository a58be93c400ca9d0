-- adhoc.change_on_the_same_boards
-- Which frameworks rose or fell in the newest twelve months, counted only on boards
-- that spoke in both years?
-- grain:   source_family, framework
-- counts:  panel 'boards' of mart.matched_panel, with 10 postings or more in both years
-- units:   change_points is the difference of two shares, in points
select
    source_family,
    framework,
    period_before,
    period,
    n_naming_before,
    n_dl_postings_before,
    n_naming,
    n_dl_postings,
    n_boards,
    share_before_pct,
    share_pct,
    change_points,
    is_small
from mart.matched_panel
where
    comparison = 'last_12_months'
    and panel = 'boards'
    and least(n_dl_postings_before, n_dl_postings) >= 10
    and greatest(n_naming_before, n_naming) > 0
order by source_family asc, abs(change_points) desc nulls last, framework asc;

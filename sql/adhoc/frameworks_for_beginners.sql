-- adhoc.frameworks_for_beginners
-- What should a beginner learn? The share of each framework by seniority.
-- grain:   value (a seniority), framework
-- counts:  a posting that names two levels stands in both; frameworks that fewer than
--          five employers of the level name are left out
-- units:   share_pct is percent (0-100) of n_could_show, with its 95 % interval;
--          required_pct is percent of n_naming
select
    value as seniority,
    framework,
    n_naming,
    n_dl_postings,
    n_could_show,
    n_dl_employers,
    share_pct,
    ci_low_pct,
    ci_high_pct,
    is_small,
    round(100.0 * n_required / n_naming, 2) as required_pct
from framework_share(by := 'seniority')
where n_employers >= 5 and share_pct is not null
order by seniority asc, n_naming desc, framework asc;

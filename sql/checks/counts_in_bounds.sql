-- check.counts_in_bounds
-- A cell whose parts are larger than what they are parts of: its share would pass 100
-- %.
-- why:     no row may offend (set 2026-11). n_naming is a part of n_dl_postings only
--          for the deep-learning set: an ad may name scikit_learn alone
with

deep_learning as (
    select framework
    from core.frameworks
    where is_deep_learning
)

select
    demand.month,
    demand.source,
    demand.region,
    demand.country,
    demand.metro,
    demand.role,
    demand.employer_kind,
    demand.framework,
    demand.n_naming,
    demand.n_required,
    demand.n_preferred,
    demand.n_postings,
    demand.n_dl_postings,
    demand.n_employers,
    demand.n_dl_employers
from mart.framework_demand as demand
left join deep_learning using (framework)
where
    demand.n_naming < 0
    or demand.n_naming > demand.n_postings
    or demand.n_dl_postings > demand.n_postings
    or demand.n_required + demand.n_preferred > demand.n_naming
    or demand.n_employers > demand.n_naming
    or demand.n_dl_employers > demand.n_dl_postings
    or (
        deep_learning.framework is not null
        and demand.n_naming > demand.n_dl_postings
    );

-- claim.papers_60
-- Papers that name PyTorch, in the newest year counted of each conference.
-- grain:   part, venue
-- counts:  papers that name both frameworks are in neither count
-- units:   numerator is papers that name PyTorch only; denominator those that name just
--          one of the two, and in share_of_all_papers all papers
with

counts as (
    select
        indicator as source,
        entity as venue,
        period,
        max(n) as n_papers,
        sum(value) filter (where framework = 'pytorch') as n_pytorch,
        sum(value) filter (where framework = 'tensorflow') as n_tensorflow
    from core.indicators
    where indicator in ('conference_papers', 'conference_submissions')
    group by all
),

newest as (
    select
        source,
        venue,
        period,
        n_pytorch,
        unnest(['all', 'share_of_all_papers']) as part,
        unnest([n_pytorch + n_tensorflow, n_papers]) as n_counted
    from counts
    qualify row_number() over (partition by venue order by period desc) = 1
)

select
    part,
    source,
    'conference_papers' as source_family,
    'series' as frame,
    'series' as observes,
    'real' as date_kind,
    period,
    venue as employer_id,
    n_counted as n_postings,
    n_pytorch as numerator,
    n_counted as denominator
from newest
order by all;

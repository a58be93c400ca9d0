-- claim.papers_pt_fastest
-- Growth of PyTorch's share of papers minus that of TensorFlow's, by conference.
-- grain:   part, venue, year
-- counts:  two years running of one conference, both accepted or both submitted papers
-- units:   numerator is a difference of two changes of shares (0.01 is a point);
--          denominator is 1 a pair of years; n_postings is the papers of both years
with

shares as (
    select
        indicator as source,
        entity as venue,
        period,
        max(n) as n_papers,
        sum(value) filter (where framework = 'pytorch')
        / max(n) as pytorch_share,
        sum(value) filter (where framework = 'tensorflow')
        / max(n) as tensorflow_share
    from core.indicators
    where indicator in ('conference_papers', 'conference_submissions')
    group by all
),

pairs as (
    select
        later.source,
        later.venue,
        later.period,
        later.n_papers + earlier.n_papers as n_papers,
        (later.pytorch_share - earlier.pytorch_share)
        - (later.tensorflow_share - earlier.tensorflow_share) as change,
        row_number() over (
            partition by later.venue order by later.period desc
        ) as nth_newest
    from shares as later
    inner join shares as earlier
        on
            later.source = earlier.source
            and later.venue = earlier.venue
            and later.period = (earlier.period + interval 1 year)::date
),

readings as (
    select
        'all' as part,
        pairs.*
    from pairs
    where pairs.nth_newest = 1
    union all
    select
        'every_pair' as part,
        pairs.*
    from pairs
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
    n_papers as n_postings,
    change as numerator,
    1 as denominator
from readings
order by all;

-- claim.keras_entry
-- Postings that name Keras, at entry level and at senior level.
-- grain:   part, source, month, employer (null where no employer is known)
-- counts:  a posting open to both levels counts in both
with

memberships as (
    select
        source,
        source_family,
        frame,
        observes,
        date_kind,
        period,
        employer_id,
        names_keras,
        unnest(['entry', 'senior']) as part,
        unnest([is_entry, is_senior]) as is_member
    from core.judged_postings
    where n_frameworks > 0
)

select
    part,
    source,
    source_family,
    frame,
    observes,
    date_kind,
    period,
    employer_id,
    count(*) as n_postings,
    count(*) filter (where names_keras) as numerator,
    count(*) as denominator
from memberships
where is_member
group by all
order by all;

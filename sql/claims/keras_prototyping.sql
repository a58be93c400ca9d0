-- claim.keras_prototyping
-- Postings that name Keras, with a prototyping term and without one.
-- grain:   part, source, month, employer (null where no employer is known)
with

sides as (
    select
        source,
        source_family,
        frame,
        observes,
        date_kind,
        period,
        employer_id,
        names_keras,
        case
            when list_contains(skills, 'prototyping') then 'prototyping'
            else 'rest'
        end as part
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
from sides
group by all
order by all;

-- claim.keras_education
-- Postings that name Keras, at education employers and elsewhere.
-- grain:   part, source, month, employer (null where no employer is known)
-- counts:  an education employer is a university or of the industry education; an
--          employer of which neither is known stands with the rest
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
            when employer_kind = 'university' or industry = 'education' then 'education'
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

-- claim.deployment_rising
-- Four groups of skills in AI postings.
-- grain:   part, source, month, employer (null where no employer is known)
-- units:   numerator is AI postings that name the group; denominator all AI postings
with

groups as (
    select
        source,
        source_family,
        frame,
        observes,
        date_kind,
        period,
        employer_id,
        skills,
        unnest(['deployment', 'cloud', 'data_engineering', 'system_design']) as part
    from core.judged_postings
    where is_ai
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
    count(*) filter (where list_contains(skills, part)) as numerator,
    count(*) as denominator
from groups
group by all
order by all;

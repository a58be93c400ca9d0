-- claim.pt_leads_research
-- TensorFlow minus PyTorch in research roles and at research labs.
-- grain:   part, source, month, employer (null where no employer is known)
-- counts:  one posting may stand in both parts
-- units:   numerator is postings naming TensorFlow minus postings naming PyTorch
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
        names_tensorflow,
        names_pytorch,
        unnest(['research_roles', 'research_employers']) as part,
        unnest([
            list_contains(roles, 'ml_researcher'),
            employer_kind = 'research_lab'
        ]) as is_member
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
    sum(names_tensorflow::integer - names_pytorch::integer) as numerator,
    count(*) as denominator
from memberships
where is_member
group by all
order by all;

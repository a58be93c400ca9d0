-- claim.pt_leads_research
-- TensorFlow minus PyTorch in research roles and at research labs.
-- grain:   part, source, month, employer (null where no employer is known)
-- counts:  one posting may stand in both parts
-- units:   numerator is postings naming TensorFlow minus postings naming PyTorch
with

framework_postings as (
    select
        posting_id,
        source,
        source_family,
        frame,
        observes,
        date_kind,
        period,
        employer_id,
        employer_kind,
        names_tensorflow::integer - names_pytorch::integer as lead_of_tensorflow
    from core.framework_postings
),

parts as (
    select
        'research_roles' as part,
        posting_id
    from core.posting_roles
    where role = 'ml_researcher'
    union all
    select
        'research_employers' as part,
        posting_id
    from framework_postings
    where employer_kind = 'research_lab'
)

select
    parts.part,
    framework_postings.source,
    framework_postings.source_family,
    framework_postings.frame,
    framework_postings.observes,
    framework_postings.date_kind,
    framework_postings.period,
    framework_postings.employer_id,
    count(*) as n_postings,
    sum(framework_postings.lead_of_tensorflow) as numerator,
    count(*) as denominator
from parts
inner join framework_postings using (posting_id)
group by all
order by all;

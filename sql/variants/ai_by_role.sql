-- variant.ai_by_role
-- Only a role makes an AI posting, not a framework or a domain that it names.
-- replaces: core.postings
-- why:     where naming a framework makes an AI posting, the share that names one is
--          higher for that reason alone
with

labels as (
    select
        posting_id,
        list_has_any(
            roles,
            [
                'ml_researcher',
                'ml_engineer',
                'ai_software_engineer',
                'mlops_engineer',
                'cv_engineer',
                'nlp_engineer'
            ]
        ) as has_ai_role
    from core.posting_labels
)

select
    postings.* replace (  -- noqa: AM04
        coalesce(labels.has_ai_role, false) as is_ai
    )
from core.postings as postings
left join labels using (posting_id);

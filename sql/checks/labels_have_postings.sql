-- check.labels_have_postings
-- A label, place, framework or mention of a posting that was not kept.
-- why:     no row may offend; joins would lose it in silence (set 2026-11)
with

labels as (
    select
        'core.posting_roles' as relation,
        posting_id,
        role as label
    from core.posting_roles
    union all
    select
        'core.posting_seniority' as relation,
        posting_id,
        seniority as label
    from core.posting_seniority
    union all
    select
        'core.posting_domains' as relation,
        posting_id,
        domain as label
    from core.posting_domains
    union all
    select
        'core.posting_tools' as relation,
        posting_id,
        tool as label
    from core.posting_tools
    union all
    select
        'core.posting_skills' as relation,
        posting_id,
        skill as label
    from core.posting_skills
    union all
    select
        'core.posting_unseen_names' as relation,
        posting_id,
        name as label
    from core.posting_unseen_names
    union all
    select
        'core.posting_places' as relation,
        posting_id,
        country as label
    from core.posting_places
    union all
    select
        'core.posting_frameworks' as relation,
        posting_id,
        framework as label
    from core.posting_frameworks
    union all
    select
        'core.mentions' as relation,
        posting_id,
        term as label
    from core.mentions
)

select
    labels.relation,
    labels.posting_id,
    labels.label
from labels
anti join core.postings using (posting_id);

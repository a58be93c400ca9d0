-- variant.required_only
-- Only what is required counts as named, in sources that show whole texts.
-- replaces: core.posting_frameworks
-- why:     a list of skills does not tell what is required, so such sources fall silent
with

full_texts as (
    select posting_id
    from core.postings
    where observes = 'full_text'
)

select posting_frameworks.*  -- noqa: AM04
from core.posting_frameworks as posting_frameworks
semi join full_texts using (posting_id)
where posting_frameworks.requirement = 'required';

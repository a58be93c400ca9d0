-- variant.unambiguous
-- A framework counts as named only by a spelling that means nothing else.
-- replaces: core.posting_frameworks
-- why:     "TF", "Torch" or "Caffe" were read in context, and a context can mislead
with

plain as (
    select distinct
        mentions.posting_id,
        mentions.framework
    from core.mentions as mentions
    inner join core.frameworks as frameworks using (framework)
    where not list_contains(frameworks.ambiguous_spellings, lower(mentions.surface))
)

select posting_frameworks.*  -- noqa: AM04
from core.posting_frameworks as posting_frameworks
semi join plain using (posting_id, framework);

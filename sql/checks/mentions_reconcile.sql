-- check.mentions_reconcile
-- A framework that a posting names without a mention of it, or that a mention names and
-- its posting does not.
-- why:     no row may offend; the two are read in one pass, and the marts count the one
--          while people look at the other (set 2026-11)
with

mentioned as (
    select distinct
        posting_id,
        framework
    from core.mentions
    where framework is not null and kind = 'framework'
),

spoken as (
    select distinct
        posting_id,
        framework
    from core.mentions
    where framework is not null
)

select
    'no mention of it' as what,
    posting_frameworks.posting_id,
    posting_frameworks.framework
from core.posting_frameworks
anti join spoken using (posting_id, framework)
union all
select
    'only a mention of it' as what,
    mentioned.posting_id,
    mentioned.framework
from mentioned
anti join core.posting_frameworks using (posting_id, framework);

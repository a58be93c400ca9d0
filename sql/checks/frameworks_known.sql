-- check.frameworks_known
-- A framework that is not in core.frameworks: it would be missing from every mart.
-- why:     no row may offend; the list is closed (set 2026-11)
with

named as (
    select
        'core.posting_frameworks' as relation,
        posting_id,
        framework
    from core.posting_frameworks
    union all
    select
        'core.mentions' as relation,
        posting_id,
        framework
    from core.mentions
    where framework is not null
)

select
    named.relation,
    named.posting_id,
    named.framework
from named
anti join core.frameworks using (framework);

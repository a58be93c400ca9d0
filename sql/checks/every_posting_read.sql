-- check.every_posting_read
-- A posting without facts: it would count as one that names nothing.
-- why:     no row may offend; unmeasured is not zero (set 2026-11)
select
    posting_id,
    source,
    extractor_version,
    is_ai
from core.postings
where extractor_version is null or is_ai is null;

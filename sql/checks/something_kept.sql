-- check.something_kept
-- A warehouse without a single posting.
-- why:     an empty file would replace a full one when every source fails (set 2026-11)
select 'core.postings is empty' as seen
from core.postings
having count(*) = 0;

-- check.no_future_dates
-- A posting dated after the run.
-- why:     the newest date ends the headline window, so one misread year would move
--          every verdict. A day of grace: in Auckland it is tomorrow already (set
--          2026-11)
select
    postings.posting_id,
    postings.source,
    postings.posted_on,
    postings.first_seen_on,
    postings.last_seen_on,
    run.as_of
from core.postings
cross join lake.run
where
    greatest(postings.posted_on, postings.first_seen_on, postings.last_seen_on)
    > run.as_of + 1;

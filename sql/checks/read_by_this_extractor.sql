-- check.read_by_this_extractor
-- A mention that another extractor read than its posting, or a posting with mentions
-- that nobody read.
-- why:     no row may offend; a posting is read whole by one version, so that two
--          postings can be compared (set 2026-11). A digest names the version that read
--          its original
with

versions as (
    select distinct extractor_version
    from core.mentions
),

-- few or none: where one version read everything, no posting has to be looked up
postings as (
    select
        postings.posting_id,
        postings.extractor_version
    from core.postings
    semi join versions
        on postings.extractor_version is distinct from versions.extractor_version
)

select
    mentions.posting_id,
    mentions.extractor_version as mention_read_by,
    postings.extractor_version as posting_read_by,
    count(*) as n_mentions
from core.mentions
inner join postings using (posting_id)
where mentions.extractor_version is distinct from postings.extractor_version
group by all;

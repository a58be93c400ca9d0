-- check.duplicates_point_to_canonical
-- A duplicate whose original is not kept or is a duplicate itself: the ad would count
-- for nobody.
-- why:     no row may offend (set 2026-11)
select
    duplicates.posting_id,
    duplicates.duplicate_of,
    originals.duplicate_of as original_is_duplicate_of,
    originals.posting_id is null as is_missing
from core.postings as duplicates
left join core.postings as originals
    on duplicates.duplicate_of = originals.posting_id
where
    duplicates.duplicate_of is not null
    and (originals.posting_id is null or originals.duplicate_of is not null);

-- check.offsets_fit_surface
-- A mention whose offsets cannot be those of its surface.
-- why:     no row may offend; text[start:end] is the surface, always (set 2026-11)
select
    posting_id,
    field,
    term,
    char_start,
    char_end,
    surface
from core.mentions
where
    char_start is null
    or char_end is null
    or char_start < 0
    or char_end - char_start <> length(surface)
    or char_end <= char_start;

-- check.languages_read
-- A source of which over a quarter of the full texts are in no language that can be
-- told.
-- why:     texts that were cut, garbled or emptied on the way have no language. Of the
--          embedded corpus one source has more than 10 %, which sql/known_gaps.toml
--          explains; under 40 texts nothing follows (set 2026-11)
with

texts as (
    select
        posting_id,
        source,
        language is null as is_unknown
    from core.postings
    where observes = 'full_text'
),

sources as (
    select
        source,
        count(*) as n_texts,
        count(*) filter (where is_unknown) as n_unknown,
        min(posting_id) filter (where is_unknown) as example
    from texts
    group by all
)

select
    sources.source,
    sources.n_texts,
    sources.n_unknown,
    sources.example
from sources
anti join lake.known_textless using (source)
where sources.n_texts >= 40 and sources.n_unknown > 0.25 * sources.n_texts;

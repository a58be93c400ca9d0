-- core.mentions
-- Every term found in a posting, where it stands and how it is asked for.
-- grain:   posting_id, field, char_start, char_end, term, framework
-- units:   char_start and char_end are character offsets into the field's plain text
with

kept as (
    select
        posting_id,
        part
    from lake.kept
),

postings as (
    select
        posting_id,
        posting_no,
        extractor_version
    from core.postings
),

facts as (
    select
        posting_id,
        part,
        unnest(mentions) as mention
    from lake.facts
),

mentions as (
    select
        posting_id,
        part,
        mention['term'] as term,
        mention['kind'] as kind,
        nullif(mention['framework'], '') as framework,
        mention['field'] as field,
        mention['start'] as char_start,
        mention['end'] as char_end,
        mention['surface'] as surface,
        nullif(mention['requirement'], '') as requirement,
        mention['alternative_group'] as alternative_group,
        nullif(mention['snippet'], '') as snippet,
        nullif(mention['reason'], '') as reason
    from facts
)

select
    mentions.posting_id,
    mentions.term,
    mentions.kind,
    mentions.framework,
    mentions.field,
    mentions.char_start,
    mentions.char_end,
    mentions.surface,
    mentions.requirement,
    mentions.alternative_group,
    mentions.snippet,
    postings.extractor_version,
    mentions.reason,
    postings.posting_no
from kept
inner join mentions using (posting_id, part)
inner join postings using (posting_id)
order by postings.posting_no;

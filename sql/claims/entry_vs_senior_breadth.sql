-- claim.entry_vs_senior_breadth
-- A framework and system design in senior and in entry-level AI postings.
-- grain:   part, source, month, employer (null where no employer is known)
-- counts:  a posting for both levels stands on both sides
-- units:   numerator is AI postings of the level that name a framework or system
--          design; denominator all AI postings of the level
with

levels as (
    select
        source,
        source_family,
        frame,
        observes,
        date_kind,
        period,
        employer_id,
        n_frameworks > 0 as names_framework,
        list_contains(skills, 'system_design') as names_design,
        unnest(['senior', 'entry']) as level,
        unnest([is_senior, is_entry]) as is_level
    from core.judged_postings
    where is_ai
),

measured as (
    select
        source,
        source_family,
        frame,
        observes,
        date_kind,
        period,
        employer_id,
        unnest(['frameworks_' || level, 'system_design_' || level]) as part,
        unnest([names_framework, names_design]) as is_named
    from levels
    where is_level
)

select
    part,
    source,
    source_family,
    frame,
    observes,
    date_kind,
    period,
    employer_id,
    count(*) as n_postings,
    count(*) filter (where is_named) as numerator,
    count(*) as denominator
from measured
group by all
order by all;

-- site.fields
-- How many of the postings each live source listed last have each of its fields.
-- grain:   source, field
-- units:   fill_pct is percent (0-100)
with

fields as (
    select
        run_id,
        source,
        field,
        fill_pct
    from ops.source_fields
),

runs as (
    select
        run_id,
        started_at
    from ops.runs
),

ranked as (
    select
        fields.source,
        fields.field,
        fields.fill_pct,
        rank() over (
            partition by fields.source
            order by runs.started_at desc nulls first, fields.run_id desc
        ) as place
    from fields
    left join runs using (run_id)
)

-- a run that is still under way may not be in ops.runs yet
select
    source,
    field,
    fill_pct
from ranked
where place = 1
order by source, field;

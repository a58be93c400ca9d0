-- adhoc.what_is_here
-- Everything that can be asked: tables, views and macros, each with what it says of
-- itself.
-- grain:   kind, name
-- counts:  n_rows is DuckDB's own estimate; null for views and macros
with

tables as (
    select
        estimated_size as n_rows,
        comment,
        'table' as kind,
        schema_name || '.' || table_name as name
    from duckdb_tables()
    where not internal
),

views as (
    select
        view_name as name,
        comment,
        'view' as kind,
        null::bigint as n_rows
    from duckdb_views()
    where not internal
),

macros as (
    select
        comment,
        'macro' as kind,
        null::bigint as n_rows,
        function_name || '(' || list_aggregate(parameters, 'string_agg', ', ') || ')'
            as name
    from duckdb_functions()
    where not internal and function_type in ('macro', 'table_macro')
),

everything as (
    select
        kind,
        name,
        n_rows,
        comment
    from tables
    union all
    select
        kind,
        name,
        n_rows,
        comment
    from views
    union all
    select
        kind,
        name,
        n_rows,
        comment
    from macros
)

select
    kind,
    name,
    n_rows,
    -- the sentence goes on to the line that says the grain
    trim(replace(split_part(comment, 'grain:', 1), chr(10), ' ')) as sentence,
    nullif(trim(split_part(comment, 'example:', 2)), '') as example
from everything
order by kind, name;

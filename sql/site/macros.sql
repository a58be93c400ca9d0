-- site.macros
-- Every macro of the warehouse, as its comment says it.
-- grain:   name
select
    function_name as name,
    parameters,
    comment
from duckdb_functions()
where
    database_name = current_database()
    and not internal
    and function_type in ('macro', 'table_macro')
order by name;

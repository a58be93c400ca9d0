-- adhoc.what_is_here
-- Every table with the first line of its comment and its size.
-- grain:   schema_name, table_name
select
    schema_name,
    table_name,
    estimated_size as n_rows,
    split_part(comment, chr(10), 1) as comment
from duckdb_tables()
order by schema_name, table_name;

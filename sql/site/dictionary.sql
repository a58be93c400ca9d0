-- site.dictionary
-- Every table and view of the warehouse with its columns, as their comments say it.
-- grain:   relation, column_name
with

relations as (
    select
        schema_name,
        table_name as relation_name,
        comment
    from duckdb_tables()
    where database_name = current_database() and not internal
    union all
    select
        schema_name,
        view_name as relation_name,
        comment
    from duckdb_views()
    where database_name = current_database() and not internal
),

named_columns as (
    select
        schema_name,
        table_name as relation_name,
        column_name,
        column_index,
        data_type,
        comment
    from duckdb_columns()
    where database_name = current_database() and not internal
)

select
    named_columns.schema_name,
    named_columns.column_name,
    named_columns.data_type,
    relations.comment as relation_comment,
    named_columns.comment as column_comment,
    named_columns.schema_name || '.' || named_columns.relation_name as relation
from named_columns
inner join relations using (schema_name, relation_name)
order by relation, named_columns.column_index;

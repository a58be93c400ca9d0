-- check.keys_unique
-- A key that stands twice: every count over the table would count it twice.
-- why:     no row may offend; the key of a table is the grain that its comment states,
--          and every table that states one is looked at (set 2026-11)
select
    relation,
    key,
    n_rows
from lake.repeated_keys;

-- variant.with_copies
-- Every copy of an ad counts, as in studies that do not look for copies.
-- replaces: core.postings
-- why:     shows what looking for copies does to the number
select * replace (null::varchar as duplicate_of)  -- noqa: AM04
from core.postings;

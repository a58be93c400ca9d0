-- core.employer_aliases
-- Other names under which an employer's postings count as its own, and why.
-- grain:   name
-- counts:  what a rule settles by itself (Inc, GmbH, "(YC S19)", "Acme Germany") is not
--          listed
select
    name,
    employer_id,
    reason
from lake.employer_aliases;

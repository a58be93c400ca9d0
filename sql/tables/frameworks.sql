-- core.frameworks
-- The frameworks looked for; the deep-learning set is the denominator of shares.
-- grain:   framework
-- counts:  a source of unlisted_by shows a fixed list of words without the framework:
--          that none of its postings names it says nothing, and they are no part of a
--          share of it (n_could_show)
select
    framework,
    title,
    is_deep_learning,
    ambiguous_spellings,
    unlisted_by
from lake.frameworks;

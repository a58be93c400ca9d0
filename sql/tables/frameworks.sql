-- core.frameworks
-- The frameworks looked for; the deep-learning set is the denominator of shares.
-- grain:   framework
select
    framework,
    title,
    is_deep_learning,
    ambiguous_spellings
from lake.frameworks;

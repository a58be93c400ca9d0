-- site.indicators
-- Every value of the outside series.
-- grain:   indicator, entity, framework, period
-- counts:  n is what a value was counted over, where that is known: papers, days or
--          people who answered
select
    indicator,
    entity,
    framework,
    period,
    period_kind,
    value,
    n,
    unit,
    source_name,
    licence,
    url
from core.indicators
order by all;

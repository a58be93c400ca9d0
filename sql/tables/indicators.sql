-- core.indicators
-- Outside series: what others counted, for claims that postings alone cannot test.
-- grain:   indicator, entity, framework, period
-- counts:  what a value is, and what it is not, stands beside each series in
--          reference/indicators/indicators.toml and on the provenance page
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
from lake.indicators
order by all;

-- adhoc.clouds_beside_frameworks
-- Which cloud the postings of a framework name too, over all time.
-- grain:   source_family, framework, tool
-- units:   beside_pct is percent (0-100) of the postings that name the framework
select
    source_family,
    framework,
    label as tool,
    n_naming as n_both,
    n_framework,
    round(100.0 * n_naming / n_framework, 2) as beside_pct
from mart.framework_traits
where
    trait = 'tool'
    and label in ('aws', 'gcp', 'azure', 'sagemaker')
    and framework in ('tensorflow', 'pytorch')
    and time_window = 'all_time'
    and n_framework >= 30
order by source_family, framework, label;

-- claim.deployment_beside_frameworks
-- Postings that name a framework, and Docker, a REST API or a cloud beside it.
-- grain:   part, source, month, employer (null where no employer is known)
-- units:   numerator is postings that name at least one of the tools; denominator those
--          that name a deep-learning framework
select
    'all' as part,
    source,
    source_family,
    frame,
    observes,
    date_kind,
    period,
    employer_id,
    count(*) as n_postings,
    count(*) filter (
        where names_cloud or list_has_any(tools, ['docker', 'rest_api'])
    ) as numerator,
    count(*) as denominator
from core.judged_postings
where n_frameworks > 0
group by all
order by all;

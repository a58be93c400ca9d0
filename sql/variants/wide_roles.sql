-- variant.wide_roles
-- A role counts where the posting offers it or one of its neighbours.
-- replaces: core.posting_labels
-- why:     employers draw the lines between neighbouring titles each in their own way
with

neighbours as (
    select
        map {
            'academic': ['ml_researcher'],
            'ml_researcher': ['academic'],
            'ml_engineer': ['ai_software_engineer', 'data_scientist'],
            'ai_software_engineer': ['ml_engineer'],
            'mlops_engineer': ['ml_engineer'],
            'cv_engineer': ['ml_engineer'],
            'nlp_engineer': ['ml_engineer'],
            'robotics_engineer': ['cv_engineer'],
            'data_analyst': ['data_scientist']
        } as stands_for
)

select
    labels.* replace (  -- noqa: AM04
        list_sort(
            list_distinct(
                list_concat(
                    labels.roles,
                    flatten([stands_for[r] for r in labels.roles])  -- noqa: RF02
                )
            )
        ) as roles
    )
from core.posting_labels as labels
cross join neighbours;

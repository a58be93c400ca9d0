-- adhoc.skills_of_ml_engineers
-- What else must a machine-learning engineer be able to do?
-- grain:   skill
-- counts:  canonical postings for machine-learning engineers of sources that show more
--          than titles
-- units:   share_pct is percent (0-100) of n_postings; is_small: fewer than five known
--          employers behind n_naming
with

postings as (
    select
        posting_no,
        postings.employer_id
    from core.postings as postings
    inner join core.posting_roles as roles using (posting_no)
    where
        roles.role = 'ml_engineer'
        and postings.duplicate_of is null
        and postings.observes <> 'titles'
),

total as (
    select count(*) as n_postings
    from postings
),

skills as (
    select
        skills.skill,
        count(*) as n_naming,
        count(distinct postings.employer_id) as n_employers
    from postings
    inner join core.posting_skills as skills using (posting_no)
    group by all
)

select
    skills.skill,
    skills.n_naming,
    total.n_postings,
    skills.n_employers,
    skills.n_employers < 5 as is_small,
    round(100.0 * skills.n_naming / total.n_postings, 2) as share_pct
from skills
cross join total
order by skills.n_naming desc, skills.skill asc;

-- main.posting_values
-- What each posting carries of one dimension: its metros, its roles, its year.
-- grain:   posting_id, value
-- counts:  repeats included; a posting may carry several values (places, roles, tools)
--          or none, so values must not be added up; year, quarter and month are of real
--          dates only; requirement gives every posting shown in full required,
--          preferred and mentioned: a list of skills does not say how one is asked for.
--          once := false is quicker and gives a place's value as often as the posting
--          names a place in it; posting_no joins quicker than posting_id does
-- example: select value, count(*) from posting_values(by := 'workplace') group by all
create or replace macro main.posting_values("by" := 'all', once := true) as table
    with

    -- not materialized: what is asked of a macro's rows then narrows what is read
    places as not materialized (
        select
            posting_id,
            posting_no,
            case "by"
                when 'region' then region
                when 'country' then country
                when 'subdivision' then subdivision
                when 'metro' then metro
                when 'city' then city
            end as value
        from core.posting_places
        where "by" in ('region', 'country', 'subdivision', 'metro', 'city')
    ),

    postings as (
        select
            posting_id,
            posting_no,
            case "by"
                when 'all' then 'all'
                when 'source' then source
                when 'source_family' then source_family
                when 'observes' then observes
                when 'employer_kind' then employer_kind
                when 'industry' then industry
                when 'workplace' then workplace
                when 'language' then language
                when 'year' then strftime(posted_on, '%Y')
                when 'quarter' then year(posted_on) || '-Q' || quarter(posted_on)
                when 'month' then strftime(posted_on, '%Y-%m')
            end as value
        from core.postings
        where
            "by" in (
                'all',
                'source',
                'source_family',
                'observes',
                'employer_kind',
                'industry',
                'workplace',
                'language'
            )
            or ("by" in ('year', 'quarter', 'month') and date_kind = 'real')
    ),

    requirements as (
        select
            posting_id,
            posting_no,
            unnest(['required', 'preferred', 'mentioned']) as value
        from core.postings
        where "by" = 'requirement' and observes = 'full_text'
    ),

    carried as (
        select
            any_value(posting_id) as posting_id,
            posting_no,
            value
        from places
        where once and value is not null
        group by posting_no, value
        union all
        select
            posting_id,
            posting_no,
            value
        from places
        where not once
        union all
        select
            posting_id,
            posting_no,
            value
        from postings
        union all
        select
            posting_id,
            posting_no,
            value
        from requirements
        union all
        select
            posting_id,
            posting_no,
            role as value
        from core.posting_roles
        where "by" = 'role'
        union all
        select
            posting_id,
            posting_no,
            seniority as value
        from core.posting_seniority
        where "by" = 'seniority'
        union all
        select
            posting_id,
            posting_no,
            domain as value
        from core.posting_domains
        where "by" = 'domain'
        union all
        select
            posting_id,
            posting_no,
            tool as value
        from core.posting_tools
        where "by" = 'tool'
        union all
        select
            posting_id,
            posting_no,
            skill as value
        from core.posting_skills
        where "by" = 'skill'
        -- a row only where nothing above knows the dimension
        union all
        select
            null as posting_id,
            null as posting_no,
            error(
                'by: expected all, source, source_family, observes, region, '
                || 'country, subdivision, metro, city, role, seniority, '
                || 'employer_kind, industry, domain, workplace, language, tool, skill, '
                || 'requirement, year, quarter or month, saw '''
                || coalesce("by", 'null')
                || ''''
            ) as value
        where
            coalesce("by", 'null') not in (
                'all',
                'source',
                'source_family',
                'observes',
                'region',
                'country',
                'subdivision',
                'metro',
                'city',
                'role',
                'seniority',
                'employer_kind',
                'industry',
                'domain',
                'workplace',
                'language',
                'tool',
                'skill',
                'requirement',
                'year',
                'quarter',
                'month'
            )
    )

    select
        posting_id,
        posting_no,
        value
    from carried
    where value is not null;

-- main.employers_naming
-- The employers that ask for one framework, those with most postings of it first.
-- grain:   employer_id
-- counts:  canonical postings, with raw := true repeats too; postings without a known
--          employer are in no row; n_postings are all postings of the employer
-- units:   share_pct is percent (0-100) of n_could_show, the employer's postings that
--          name a deep-learning framework (n_dl_postings) without those of a source
--          that shows a fixed list of words without this one; null outside the
--          deep-learning set
-- example: from employers_naming('jax') limit 20
create or replace macro main.employers_naming(asked, raw := false) as table
    with

    chosen as (
        select
            framework,
            is_deep_learning,
            unlisted_by
        from core.frameworks
        where framework = framework_named(asked)
    ),

    named as (
        select
            posting_frameworks.posting_no,
            bool_or(frameworks.is_deep_learning) as is_dl,
            max(posting_frameworks.requirement)
            filter (where posting_frameworks.framework = chosen.framework)
                as requirement
        from core.posting_frameworks as posting_frameworks
        inner join core.frameworks as frameworks using (framework)
        cross join chosen
        where posting_frameworks.requirement <> 'negated'
        group by all
    ),

    asking as (
        select distinct postings.employer_id
        from core.postings as postings
        inner join named using (posting_no)
        where
            named.requirement is not null
            and (raw or postings.duplicate_of is null)
    ),

    counts as (
        select
            postings.employer_id,
            count(*) as n_postings,
            count(*) filter (where named.is_dl) as n_dl_postings,
            count(*)
            filter (where named.is_dl and not list_contains(unlisted_by, source))
                as n_could_show,
            count(named.requirement) as n_naming,
            count(*) filter (where named.requirement = 'required') as n_required,
            min(postings.posted_on)
            filter (where named.requirement is not null and postings.date_kind = 'real')
                as first_posted_on,
            max(postings.posted_on)
            filter (where named.requirement is not null and postings.date_kind = 'real')
                as last_posted_on
        from core.postings as postings
        semi join asking using (employer_id)
        left join named using (posting_no)
        cross join chosen
        where
            postings.employer_id is not null and (raw or postings.duplicate_of is null)
        group by all
        having count(named.requirement) > 0
    )

    select
        counts.employer_id,
        employers.name,
        employers.employer_kind,
        chosen.framework,
        counts.n_naming,
        counts.n_required,
        counts.n_dl_postings,
        counts.n_could_show,
        counts.n_postings,
        counts.first_posted_on,
        counts.last_posted_on,
        if(
            chosen.is_deep_learning,
            round(100.0 * counts.n_naming / nullif(counts.n_could_show, 0), 2),
            null
        ) as share_pct
    from counts
    cross join chosen
    left join core.employers as employers using (employer_id)
    order by counts.n_naming desc, counts.employer_id asc;

-- core.postings
-- Every posting kept, once, with what its source says and what was read in it.
-- grain:   posting_id
-- order:   by posting_no, and so is every table of core that carries it: the postings
--          that name a framework come first, then other AI postings, so that a question
--          about either reads a short stretch of each table
-- counts:  count canonical postings only (duplicate_of is null): the same ad twice is
--          one. A canonical posting and its copies are one job. is_evergreen: one of
--          the job's sources published it on more than one day, and over 180 days lie
--          between the first and the last day on which any of them published it (real
--          dates) or a live source listed it; 180 days on show under one id are no
--          repost and are not flagged. A date after the run's day is not believed:
--          posted_on is null then, and dated_ahead_on holds it
-- units:   salary_min_year and salary_max_year are per year in salary_currency, from an
--          hour at 2,080 hours, a day at 260 days, a month at 12 months; null where
--          nothing is said
with

kept as (
    select
        posting_id,
        part,
        is_digest,
        board,
        closed_on,
        n_reopened,
        reopened_on,
        closed_before_on,
        first_seen_on,
        last_seen_on
    from lake.kept
),

-- live sources say more of a posting than the day it is dated: when it was on show
listed as (
    select distinct posting_id
    from lake.sightings
),

stated as (
    select
        posting_id,
        part,
        source,
        frame,
        observes,
        posted_on,
        date_kind,
        dated_ahead_on,
        nullif(source_id, '') as source_id,
        coalesce(nullif(source_family, ''), source) as source_family,
        nullif(url, '') as url,
        nullif(title, '') as title,
        nullif(employer, '') as employer,
        nullif(employer_id, '') as employer_id,
        nullif(location, '') as location,
        nullif(employment_type, '') as employment_type,
        nullif(language, '') as language,
        nullif(licence, '') as licence,
        nullif(content_hash, '') as content_hash,
        nullif(digest, '') as digest
    from lake.postings
),

-- a digest stands for the ad it was made from: what that showed, and who read it
originals as (
    select
        posting_id,
        part,
        digest ->> '$.observes' as observes,
        digest ->> '$.extractor_version' as extractor_version
    from stated
    where observes = 'digest'
),

read as (
    select
        posting_id,
        part,
        is_ai,
        extractor_version,
        len(frameworks) > 0 as has_frameworks,
        nullif(language, '') as language,
        coalesce(nullif(employer_kind, ''), 'unknown') as employer_kind,
        nullif(industry, '') as industry,
        coalesce(nullif(workplace, ''), 'unknown') as workplace,
        salary['min'] as salary_min,
        salary['max'] as salary_max,
        nullif(salary['currency'], '') as salary_currency,
        nullif(salary['period'], '') as salary_period,
        case salary['period']
            when 'year' then 1
            when 'month' then 12
            when 'day' then 260
            when 'hour' then 2080
        end as periods_a_year
    from lake.facts
),

canonical as (
    select
        posting_id,
        duplicate_of,
        nullif(duplicate_reason, '') as duplicate_reason
    from lake.canonical
),

-- few postings are copies: only their jobs are gathered
jobs as (
    select
        posting_id,
        duplicate_of as job_id
    from canonical
    union
    select
        duplicate_of as posting_id,
        duplicate_of as job_id
    from canonical
),

shown as (
    select
        jobs.job_id,
        stated.source,
        case when stated.date_kind = 'real' then stated.posted_on end as published_on,
        case when listed.posting_id is not null then kept.first_seen_on end
            as first_listed_on,
        case when listed.posting_id is not null then kept.last_seen_on end
            as last_listed_on
    from jobs
    inner join kept using (posting_id)
    inner join stated using (posting_id, part)
    left join listed using (posting_id)
),

shown_by_source as (
    select
        job_id,
        source,
        count(*) as n_members,
        count(distinct coalesce(published_on, first_listed_on)) > 1 as is_reposted,
        min(least(published_on, first_listed_on)) as first_on,
        max(greatest(published_on, last_listed_on)) as last_on
    from shown
    group by all
),

copied as (
    select
        job_id as posting_id,
        sum(n_members)::bigint - 1 as n_copies,
        coalesce(bool_or(is_reposted) and max(last_on) - min(first_on) > 180, false)
            as is_evergreen
    from shown_by_source
    group by all
),

described as (
    select
        stated.*,
        kept.board,
        kept.is_digest,
        kept.first_seen_on,
        kept.last_seen_on,
        kept.closed_on,
        kept.n_reopened,
        kept.reopened_on,
        kept.closed_before_on,
        read.is_ai,
        read.employer_kind,
        read.industry,
        read.workplace,
        read.salary_currency,
        read.salary_period,
        canonical.duplicate_of,
        canonical.duplicate_reason,
        listed.posting_id is not null as is_listed,
        coalesce(copied.n_copies, 0) as n_copies,
        case
            when canonical.duplicate_of is null
                then coalesce(copied.is_evergreen, false)
        end as is_evergreen,
        coalesce(originals.observes, stated.observes) as observes_original,
        coalesce(read.has_frameworks, false) as has_frameworks,
        coalesce(originals.extractor_version, read.extractor_version) as read_by,
        coalesce(read.language, stated.language) as language_read,
        read.salary_min * read.periods_a_year as salary_min_year,
        read.salary_max * read.periods_a_year as salary_max_year
    from kept
    inner join stated using (posting_id, part)
    left join read using (posting_id, part)
    left join originals using (posting_id, part)
    left join canonical using (posting_id)
    left join copied using (posting_id)
    left join listed using (posting_id)
)

select
    posting_id,
    source,
    source_id,
    source_family,
    frame,
    observes_original as observes,
    url,
    title,
    employer,
    employer_id,
    employer_kind,
    industry,
    posted_on,
    date_kind,
    first_seen_on,
    last_seen_on,
    closed_on,
    language_read as language,
    workplace,
    salary_min_year,
    salary_max_year,
    salary_currency,
    duplicate_of,
    duplicate_reason,
    is_ai,
    licence,
    content_hash,
    read_by as extractor_version,
    salary_period,
    location,
    employment_type,
    board,
    is_listed,
    n_copies,
    is_evergreen,
    n_reopened,
    reopened_on,
    closed_before_on,
    dated_ahead_on,
    is_digest,
    -- a table of numbers to join with would be one join too many for the memory
    row_number() over (
        order by has_frameworks desc, coalesce(is_ai, false) desc, posting_id asc
    ) as posting_no
from described
order by posting_no;

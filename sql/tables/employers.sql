-- core.employers
-- The employers behind the postings, under the name and the kind they carry most often.
-- grain:   employer_id
-- counts:  n_postings counts canonical postings; postings without an employer are in
--          no row. An agency (staffing, recruiting, a board that reposts) posts for
--          others: nine in ten of its postings carry that kind, which a listed name or
--          a telling one gives to all. Text alone gives it too, so fewer than three
--          need a telling name
with

postings as (
    select
        employer_id,
        employer,
        duplicate_of,
        nullif(employer_kind, 'unknown') as kind
    from core.postings
    where employer_id is not null
),

-- the smallest of equally frequent names, so that every build picks the same
names as (
    select
        employer_id,
        employer as name,
        row_number() over (
            partition by employer_id
            order by employer is null, count(*) desc, employer
        ) as place
    from postings
    group by employer_id, employer
),

kinds as (
    select
        employer_id,
        coalesce(kind, 'unknown') as employer_kind,
        row_number() over (
            partition by employer_id
            order by kind is null, count(*) desc, kind
        ) as place
    from postings
    group by employer_id, kind
),

totals as (
    select
        employer_id,
        count(*) filter (where duplicate_of is null) as n_postings,
        count(*) as n_ads,
        count(*) filter (where kind = 'agency') as n_agency_ads
    from postings
    group by all
)

select
    totals.employer_id,
    names.name,
    kinds.employer_kind,
    totals.n_postings,
    totals.n_agency_ads >= 0.9 * totals.n_ads
    and (
        totals.n_ads >= 3
        or coalesce(
            regexp_matches(
                lower(names.name),
                'recruit|staffing|talent|headhunt|personnel'
                || '|personal(dienst|vermittlung)'
                || '|manpower|resourcing|zeitarbeit|placement|employment|\bhr\b|hiring'
                || '|\bhires?\b|\bjobs?\b|workforce|(executive|it|tech) search'
                || '|search (partners|group)|猎头|人力|人才|派遣'
            ),
            false
        )
    ) as is_agency
from totals
inner join names on totals.employer_id = names.employer_id and names.place = 1
inner join kinds on totals.employer_id = kinds.employer_id and kinds.place = 1;

-- main.postings_naming
-- The postings that name one framework, newest first, with the words around it.
-- grain:   posting_id
-- counts:  canonical postings, with raw := true repeats too; those that only negate the
--          framework are left out; undated ones come last
-- units:   snippet stands around the first mention; of a digest it is our template's
-- example: from postings_naming('jax') where requirement = 'required' limit 20
create or replace macro main.postings_naming(asked, raw := false) as table
    with

    named as (
        select
            posting_no,
            framework,
            requirement,
            is_alternative
        from core.posting_frameworks
        where framework = framework_named(asked) and requirement <> 'negated'
    ),

    snippets as (
        select
            posting_no,
            arg_min(snippet, char_start) as snippet
        from core.mentions
        where framework = framework_named(asked)
        group by all
    )

    select
        postings.posted_on,
        postings.employer,
        postings.title,
        postings.source,
        postings.workplace,
        named.framework,
        named.requirement,
        named.is_alternative,
        snippets.snippet,
        postings.url,
        postings.posting_id
    from named
    inner join core.postings as postings using (posting_no)
    left join snippets using (posting_no)
    where raw or postings.duplicate_of is null
    order by postings.posted_on desc nulls last, postings.posting_id asc;

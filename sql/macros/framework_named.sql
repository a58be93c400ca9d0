-- main.framework_named
-- The id of a framework, from its id or its title in any case; an unknown one is an
-- error that says where they are listed.
-- grain:   one id
-- example: select framework_named('PyTorch')
create or replace macro main.framework_named(asked) as
coalesce(
    (
        select max(frameworks.framework)
        from core.frameworks as frameworks
        where lower(asked) in (frameworks.framework, lower(frameworks.title))
    ),
    error(
        'framework: expected one of core.frameworks, saw '''
        || coalesce(asked, 'null')
        || '''; `select framework, title from core.frameworks` lists them'
    )
);

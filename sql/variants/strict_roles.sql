-- variant.strict_roles
-- A role counts only where the posting offers no other beside it.
-- replaces: core.posting_labels
-- why:     an ad for several jobs names frameworks without saying which job needs them;
--          manager says a rank and may stand beside any role
select
    * replace (  -- noqa: AM04
        if(len([role for role in roles if role <> 'manager']) = 1, roles, []) as roles
    )
from core.posting_labels;

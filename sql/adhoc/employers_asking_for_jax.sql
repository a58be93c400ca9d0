-- adhoc.employers_asking_for_jax
-- Who asks for JAX?
-- grain:   employer_id
-- counts:  canonical postings of known employers
-- units:   share_pct is percent (0-100) of n_could_show, the employer's postings that
--          name a deep-learning framework and whose source can show JAX
select
    name,
    employer_kind,
    n_naming,
    n_required,
    n_dl_postings,
    n_could_show,
    n_postings,
    share_pct,
    last_posted_on,
    employer_id
from employers_naming('jax')
order by n_naming desc, employer_id asc
limit 30;

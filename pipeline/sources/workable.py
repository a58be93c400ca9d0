"""Workable: one answer an account, every open job, with its text where details are asked for.

Layer:   sources (pure).
Source:  https://workable.readme.io/reference/jobs-1 (terms, rate: workable.toml)
Quirk:   `published_on` is the day of posting; `created_at` may be years earlier (2026-06). An empty
         field is "", not null.
Quirk:   a place may be `hidden` from readers; country, state and city of the job repeat the first
         place, hidden or not. A job of several regions comes once a region, each with its own
         shortcode.
Quirk:   pay is stated without a period, so it is kept in words.
"""

from __future__ import annotations

from pipeline.records import Posting, RawDocument
from pipeline.sources.source import (
    Page,
    Row,
    loaded,
    make_posting,
    read_info,
    read_page,
    records_of,
)

INFO = read_info("workable")
OUT_OF_SCOPE = frozenset(
    "code department application_url created_at education experience function industry"
    " department_hierarchy"
    " shortlink workplace".split()  # the last two are read where a better field is empty
)
_WORKPLACES = {"remote": "Remote", "hybrid": "Hybrid", "on_site": "On-site", "onsite": "On-site"}


def parse(document: RawDocument) -> Page:
    """Return the jobs of an account; raise SourceChanged where the answer is no account."""
    answer = loaded(document)
    name = answer.get("name")
    employer = name if isinstance(name, str) and name.strip() else ""
    page = read_page(
        document,
        records_of(document, answer, "jobs"),
        lambda job: _posting(job, employer or document.employer or document.scope),
        out_of_scope=OUT_OF_SCOPE | {*INFO["personal_fields"]},
        id_field="shortcode",
    )
    page.drift |= answer.keys() - {"name", "description", "jobs"}
    return page


def _posting(job: Row, employer: str) -> Posting:
    return make_posting(
        INFO,
        job.need("shortcode"),
        title=job.text("title"),
        description=_text(job),
        employer=employer,
        locations=_places(job),
        workplace=_workplace(job),
        posted_on=job.text("published_on"),
        url=job.text("url") or job.text("shortlink"),
        employment_type=job.text("employment_type"),
        salary=_salary(job.row("salary")),
        language=job.text("language"),
    )


def _text(job: Row) -> str:
    """Return the text; a board asked for without details has none."""
    parts = [job.text("description")]
    for name in ("requirements", "benefits"):
        if part := job.text(name):
            parts.append(f"<h3>{name.capitalize()}</h3>{part}")
    return job.text("full_description") or "\n".join(parts)  # the full one holds the three


def _places(job: Row) -> list[str]:
    """Return the places shown to readers; a job whose places are all hidden has none."""
    shown, hidden = [], set()
    for place in job.rows("locations"):
        line = _place(place.text("city"), place.text("region"), place.text("country"))
        if place.get("hidden"):
            hidden.add(line)
        else:
            shown.append(line)
    top = _place(job.text("city"), job.text("state"), job.text("country"))
    return shown or ([top] if top not in hidden else [])


def _place(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _workplace(job: Row) -> str:
    is_remote = job.get("telecommuting") in (True, "true")
    stated = job.text("workplace_type") or job.text("workplace")
    return _WORKPLACES.get(stated.lower().replace("-", "_"), "Remote" if is_remote else "")


def _salary(salary: Row) -> str:
    amounts = [salary.get("salary_from"), salary.get("salary_to")]
    stated = "-".join(str(amount) for amount in amounts if amount not in (None, "", 0, "0"))
    currency = salary.text("salary_currency").upper()
    return f"{stated} {currency}" if stated and currency else ""

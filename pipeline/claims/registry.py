"""The rules: what each claim says, who says it, and what would prove it right or wrong.

Layer:   claims (pure). File contents come in as bytes; `sql/claims/<claim>.toml` and its `.sql`.

A rule was written before its result. Its hash covers the bytes of both files, so a changed rule
cannot pass for the old one. A rule that no data could contradict is refused.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath

from pipeline.claims.fields import Fields
from pipeline.errors import InputError

ESTIMATORS = ("lead", "share", "difference", "trend", "equivalence")
HEADLINE, YEARS, ALL_TIME = "last_24_months", "years", "all_time"
WINDOWS = (HEADLINE, YEARS, ALL_TIME)
FRAMES = ("any", "all_jobs", "search_words")
OBSERVES = ("full_text", "snippet", "skill_list", "titles", "digest")
WHOLE = "all"  # the part that is the claim as a whole


@dataclass(frozen=True, slots=True)
class Saying:
    """Who says it: an article by its letter, with title and publisher where they are known."""

    article: str
    title: str
    publisher: str
    what: str
    in_part: bool  # it leans that way, or says a part of it

    def __str__(self) -> str:
        named = f"“{self.title}”, {self.publisher}" if self.title else f"Article {self.article}"
        about = f" ({self.what})" if self.what and not self.title else ""
        return f"{named}{about}{', in part' if self.in_part else ''}"


@dataclass(frozen=True, slots=True)
class Part:
    """One thing to be measured, and where its verdict turns.

    population:  the rows of the claim's SQL it is measured on; `minus`: those it is compared with
    direction:   above | below; an equivalence has none
    margin:      points a lead, difference or slope must pass, or an equivalence stay within
    threshold:   percent a share must pass;  centre: what an equivalence is measured from
    above, below: what to say of a value on that side of zero
    """

    name: str
    estimator: str
    direction: str
    margin: float
    threshold: float
    centre: float
    population: str
    minus: str
    title: str
    measure: str
    above: str
    below: str

    @property
    def sign(self) -> int:
        """Return 1 or -1: times this, a value grows towards what the claim says."""
        return -1 if self.direction == "below" else 1

    @property
    def bar(self) -> float:
        """Return what `sign` times the value must pass."""
        return self.sign * self.threshold if self.estimator == "share" else self.margin

    @property
    def is_comparison(self) -> bool:
        """Return whether zero means no difference, so that its reverse has a meaning."""
        return self.estimator in ("lead", "difference", "trend")


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim with its rule; `claim_id` keeps hyphens, its files have underscores."""

    claim_id: str
    statement: str
    said_by: tuple[Saying, ...]
    topic: str
    why: str
    registered_on: date
    testable: bool
    reason_not_testable: str
    windows: tuple[str, ...]
    frame: str
    observes: tuple[str, ...]
    min_postings: int
    min_employers: int
    min_periods: int
    first_year: int
    parts: tuple[Part, ...]
    rule_hash: str
    sql: str


def read_claims(files: Mapping[str, bytes]) -> tuple[Claim, ...]:
    """Return every claim by id; files: contents by name ("tf_most_demanded.toml", ".sql").

    Raises InputError, naming the file and the field, for a rule that is not one.
    """
    named = {PurePosixPath(name).name: content for name, content in files.items()}
    claims = []
    for name in sorted(named):
        stem, suffix = PurePosixPath(name).stem, PurePosixPath(name).suffix
        if suffix == ".toml":
            claims.append(parse_claim(name, named[name], named.get(f"{stem}.sql")))
        elif f"{stem}.toml" not in named:
            raise InputError(f"{name}: expected a rule {stem}.toml beside it, saw none; add it")
    return tuple(sorted(claims, key=lambda claim: claim.claim_id))


def parse_claim(name: str, rule: bytes, sql: bytes | None) -> Claim:
    """Return the claim of one TOML file and its SQL; name: the TOML's file name, for messages."""
    try:
        content = tomllib.loads(rule.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as broken:
        raise InputError(f"{name}: expected TOML, saw {broken}; correct the file") from None
    table = Fields(name, "", content)
    claim_id = table.text("id")
    if claim_id.replace("-", "_") != PurePosixPath(name).stem:
        table.refuse("id", f"the file's name with hyphens for {PurePosixPath(name).stem}", claim_id)
    testable = table.flag("testable", True)
    if testable and sql is None:
        stem = PurePosixPath(name).stem
        raise InputError(f"{name}: expected its sums in {stem}.sql, saw no such file; add it")
    needs = table.inner("needs", required=testable)
    smallest = table.inner("smallest", required=False)
    claim = Claim(
        claim_id=claim_id,
        statement=table.text("statement"),
        said_by=tuple(_saying(entry) for entry in table.inners("said_by")),
        topic=table.text("topic"),
        why=table.text("why", "" if not testable else None),
        registered_on=table.day("registered_on"),
        testable=testable,
        reason_not_testable=table.text("reason_not_testable", "" if testable else None),
        windows=table.choices("windows", WINDOWS, WINDOWS),
        frame=needs.choice("frame", FRAMES, "any"),
        observes=needs.choices("observes", OBSERVES, OBSERVES),
        min_postings=int(smallest.number("postings", 1, 1e9, 30)),
        min_employers=int(smallest.number("employers", 2, 1e9, 15)),
        min_periods=int(smallest.number("periods", 3, 100, 5)),
        first_year=int(smallest.number("first_year", 1990, 2100, 2018)),
        parts=_parts(table, testable),
        rule_hash=hashlib.sha256(rule + b"\0" + (sql or b"")).hexdigest(),
        sql=(sql or b"").decode(),
    )
    if HEADLINE not in claim.windows:
        table.refuse("windows", f"a list with {HEADLINE}, the headline", list(claim.windows))
    for part in (table, needs, smallest):
        part.finish()
    return claim


def _parts(table: Fields, testable: bool) -> tuple[Part, ...]:
    margin = table.number("margin_points", 0, 100, 3)
    entries = table.inners("parts") if testable else []
    parts = tuple(_part(entry, margin) for entry in entries)
    names = [part.name for part in parts]
    if len(set(names)) != len(names):
        table.refuse("parts", "a name of its own for every part", names)
    if (names == [WHOLE]) != (WHOLE in names) or (len(names) == 1 and names != [WHOLE]):
        table.refuse("parts", f'the name "{WHOLE}" for an only part, and for no other', names)
    return parts


def _part(table: Fields, margin: float) -> Part:
    name = table.text("name")
    estimator = table.choice("estimator", ESTIMATORS)
    compares = estimator in ("lead", "difference", "trend")
    same = estimator == "equivalence"
    part = Part(
        name=name,
        estimator=estimator,
        direction="" if same else table.choice("direction", ("above", "below")),
        # A lead is at least -100 and at most 100: beyond that nothing could decide.
        margin=table.number("margin_points", 0.001 if same else 0, 99.999, margin),
        # A share is never below 0 nor above 100 %: a rule at either end cannot fail.
        threshold=table.number("threshold_pct", 0.001, 99.999) if estimator == "share" else 0.0,
        centre=table.number("centre_pct", -99.999, 99.999, 0) if same else 0.0,
        population=table.text("population", name),
        minus=table.text("minus") if estimator == "difference" else "",
        title=table.text("title"),
        measure=table.text("measure"),
        above=table.text("above", None if compares else ""),
        below=table.text("below", None if compares else ""),
    )
    if part.minus == part.population:
        table.refuse("minus", "another population than the one it is taken from", part.minus)
    table.finish()
    return part


def _saying(table: Fields) -> Saying:
    saying = Saying(
        article=table.text("article"),
        title=table.text("title", ""),
        publisher=table.text("publisher", ""),
        what=table.text("what", ""),
        in_part=table.flag("in_part", False),
    )
    if not saying.title and not saying.what:
        table.refuse("what", "a title, or what the article is", "neither")
    table.finish()
    return saying

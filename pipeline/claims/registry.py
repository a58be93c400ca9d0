"""The rules: what each claim says, who says it, and what would prove it right or wrong.

Layer:   claims (pure). File contents come in as bytes; `sql/claims/<claim>.toml` and its `.sql`.

A rule was written before its result. Its hash covers the bytes of both files, so a changed rule
cannot pass for the old one. A rule that no data could contradict is refused.

A claim rests on `postings`, on outside `series` (papers, listings) or on `arithmetic` alone. Its
parts must all hold; a part with a reading of its own is shown beside the primary one and decides
nothing.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath

from pipeline.claims.fields import Fields
from pipeline.claims.sayings import Saying, sayings
from pipeline.errors import InputError

# of postings or series; then of entities of a series, such as countries; then of one number
ESTIMATORS = ("lead", "share", "difference", "trend", "lasting", "adjusted", "equivalence")
CHANGE = "change"  # over a matched panel: a second reading of every trend
OF_ENTITIES = ("median",)
OF_NUMBERS = ("value",)
EVIDENCE = ("postings", "series", "arithmetic")
HEADLINE, YEARS, ALL_TIME = "last_24_months", "years", "all_time"
WINDOWS = (HEADLINE, YEARS, ALL_TIME)
FRAMES = ("any", "all_jobs", "search_words")
OBSERVES = ("full_text", "snippet", "skill_list", "titles")
VARIANTS = (
    "required_only",
    "unambiguous",
    "with_copies",
    "strict_roles",
    "wide_roles",
    "ai_by_role",
)
OF_ALL = ("required_only", "unambiguous", "with_copies")
COMPARISONS = ("lead", "difference", "trend", "lasting", "adjusted", CHANGE)
WHOLE = "all"  # the part that is the claim as a whole
PRIMARY = "primary"
EMPLOYER = "employer"


@dataclass(frozen=True, slots=True)
class Part:
    """One thing to be measured, and where its verdict turns.

    reading:     primary, or the name of another way to read the claim, which never decides
    population:  the rows of the claim's SQL it is measured on; `minus`: those it is compared with
    direction:   above | below; an equivalence has none
    margin:      points a lead, difference or slope must pass, or an equivalence stay within
    threshold:   percent a share must pass;  centre: what an equivalence is measured from
    above, below: what to say of a value on that side of zero
    """

    name: str
    reading: str
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
    note: str = ""

    @property
    def is_primary(self) -> bool:
        """Return whether the claim's verdict rests on it."""
        return self.reading == PRIMARY

    @property
    def is_band(self) -> bool:
        """Return whether it holds within a margin around a centre, not beyond a bar."""
        return not self.direction

    @property
    def sign(self) -> int:
        """Return 1 or -1: times this, a value grows towards what the claim says."""
        return -1 if self.direction == "below" else 1

    @property
    def bar(self) -> float:
        """Return what `sign` times the value must pass."""
        if self.estimator in ("share", *OF_ENTITIES, *OF_NUMBERS):
            return self.sign * self.threshold
        return self.margin

    @property
    def is_comparison(self) -> bool:
        """Return whether zero means no difference, so that its reverse has a meaning."""
        return self.estimator in COMPARISONS


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim with its rule; `claim_id` keeps hyphens, its files have underscores.

    beside:    claims to be read beside it; rivals: those that say the contrary
    clusters:  what speaks with one voice: employer, or what stands in its place
    variants:  what is done otherwise to see whether the verdict stands
    rule:      the TOML as it was registered
    """

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
    rule: str = ""
    evidence: str = "postings"
    clusters: str = EMPLOYER
    variants: tuple[str, ...] = OF_ALL
    beside: tuple[str, ...] = ()
    rivals: tuple[str, ...] = ()
    window_note: str = ""

    @property
    def primary(self) -> tuple[Part, ...]:
        """Return the parts that the verdict rests on."""
        return tuple(part for part in self.parts if part.is_primary)

    @property
    def is_census(self) -> bool:
        """Return whether it counts the ads of named employers, which are no sample of any."""
        return self.clusters != EMPLOYER


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
    evidence = table.choice("evidence", EVIDENCE, "postings")
    of_postings = testable and evidence == "postings"
    if testable and sql is None:
        stem = PurePosixPath(name).stem
        raise InputError(f"{name}: expected its sums in {stem}.sql, saw no such file; add it")
    needs = table.inner("needs", required=of_postings)
    smallest = table.inner("smallest", required=False)
    claim = Claim(
        claim_id=claim_id,
        statement=table.text("statement"),
        said_by=_said_by(table),
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
        parts=_parts(table, testable, evidence),
        rule_hash=hashlib.sha256(rule + b"\0" + (sql or b"")).hexdigest(),
        sql=(sql or b"").decode(),
        rule=rule.decode(),
        evidence=evidence,
        clusters=table.text("clusters", EMPLOYER),
        variants=table.choices("variants", VARIANTS, OF_ALL) if of_postings else (),
        beside=table.texts("beside"),
        rivals=table.texts("rivals"),
        window_note=table.text("window_note", None if testable and not of_postings else ""),
    )
    if HEADLINE not in claim.windows:
        table.refuse("windows", f"a list with {HEADLINE}, the headline", list(claim.windows))
    for part in (table, needs, smallest):
        part.finish()
    return claim


def _said_by(table: Fields) -> tuple[Saying, ...]:
    whole, in_part = table.texts("said_by"), table.texts("said_in_part")
    if not whole and not in_part:
        table.refuse("said_by", "at least one article or name", [])
    return sayings(whole, in_part)


def _parts(table: Fields, testable: bool, evidence: str) -> tuple[Part, ...]:
    margin = table.number("margin_points", 0, 100, 3)
    entries = table.inners("parts") if testable else []
    parts = tuple(_part(entry, margin, evidence) for entry in entries)
    names = [part.name for part in parts if part.is_primary]
    keys = [(part.name, part.reading) for part in parts]
    if len(set(keys)) != len(keys):
        table.refuse("parts", "a name and reading of its own for every part", keys)
    if parts and ((names == [WHOLE]) != (WHOLE in names) or (len(names) == 1 and names != [WHOLE])):
        table.refuse("parts", f'the name "{WHOLE}" for an only part, and for no other', names)
    if strange := sorted({part.name for part in parts} - {*names, WHOLE}):
        table.refuse("parts", "a primary reading of every part", strange)
    return parts


_ALLOWED = {"postings": ESTIMATORS, "series": ESTIMATORS + OF_ENTITIES, "arithmetic": OF_NUMBERS}


def _part(table: Fields, margin: float, evidence: str) -> Part:
    name = table.text("name")
    reading = table.text("reading", PRIMARY)
    allowed = _ALLOWED[evidence] if reading == PRIMARY else _ALLOWED["series"]
    estimator = table.choice("estimator", allowed)
    can_band = estimator in ("equivalence", *OF_ENTITIES, *OF_NUMBERS)
    is_band = can_band and "direction" not in table.left
    is_level = not is_band and estimator in ("share", *OF_ENTITIES, *OF_NUMBERS)
    compares = estimator in COMPARISONS
    # A share is never below 0 nor above 100 %: a rule at either end cannot fail. What grows can
    # grow by any percentage.
    least, most = (0.001, 99.999) if estimator == "share" else (-1e6, 1e6)
    part = Part(
        name=name,
        reading=reading,
        estimator=estimator,
        direction="" if is_band else table.choice("direction", ("above", "below")),
        # A lead is at least -100 and at most 100: beyond that nothing could decide.
        margin=table.number("margin_points", 0.001 if is_band else 0, 99.999, margin),
        threshold=table.number("threshold_pct", least, most) if is_level else 0.0,
        centre=table.number("centre_pct", -1e6, 1e6, 0) if is_band else 0.0,
        population=table.text("population", name),
        minus=table.text("minus") if estimator == "difference" else "",
        title=table.text("title"),
        measure=table.text("measure"),
        above=table.text("above", None if compares else ""),
        below=table.text("below", None if compares else ""),
        note=table.text("note", ""),
    )
    if part.minus == part.population:
        table.refuse("minus", "another population than the one it is taken from", part.minus)
    table.finish()
    return part

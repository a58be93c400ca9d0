"""Claims as text for a terminal: the list of all, and everything about one.

Layer:   claims (pure). Records are those of `summaries`; a width is that of the reader's terminal.
"""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Sequence

from pipeline.claims.registry import WHOLE
from pipeline.claims.summaries import Row, in_words
from pipeline.claims.text_tables import columns, labelled

_LEAST_WIDTH = 40
_MEASURED = ("estimate", "95 % interval", "postings", "employers")


def list_text(claims: Sequence[Row], width: int | None = None) -> str:
    """Return one line a claim, or two where the width does not hold one."""
    header = (
        "topic", "claim", "verdict", "estimate", "95 % interval", "unit", "postings", "employers",
        "sources", "robust?", "changed",
    )  # fmt: skip
    cells = [
        (
            row["topic"], row["claim_id"], row["verdict"], number(row["estimate"]), interval(row),
            row["unit"] or "", count(row["n_postings"]), count(row["n_employers"]),
            count(row["n_sources"]), row["robustness"] or "", row["changed"] or "",
        )
        for row in claims
    ]  # fmt: skip
    lines = columns(header, cells, right={3, 4, 6, 7, 8})
    if width and max(map(len, lines)) > width:
        lines = [line for row in claims for line in _two_lines(row)]
    return "\n".join([*lines, "", *textwrap.wrap(_totals(claims), width or 1000)])


def _two_lines(row: Row) -> list[str]:
    told = [estimate(row), behind(row), row["robustness"] or "", row["changed"] or ""]
    return [
        f"{row['claim_id']} ({row['topic']}): {in_words(row['verdict'])}",
        f"    {'; '.join(one for one in told if one)}".rstrip(),
    ]


def _totals(claims: Sequence[Row]) -> str:
    verdicts = Counter(row["verdict"] for row in claims)
    each = ", ".join(f"{n} {in_words(verdict)}" for verdict, n in verdicts.most_common())
    some = claims[0] if claims else {}
    when = f" As of {some['as_of']}, run {some['run_id']}." if claims else ""
    return f"{len(claims)} claim{'s' * (len(claims) != 1)}{': ' * bool(each)}{each}.{when}"


def claim_text(claim: Row, width: int) -> str:
    """Return everything about one claim, wrapped."""
    width = max(width, _LEAST_WIDTH)
    told = [claim["claim_id"], *textwrap.wrap(claim["statement"], width), ""]
    stands = in_words(claim["verdict"])
    finding = f" ({claim['finding']})" if claim["finding"] else ""
    if claim["verdict"] == claim["tonight"]:
        stands += finding
    least = claim["minimum_detectable"]
    for label, text in (
        ("topic", claim["topic"]),
        ("said by", "; ".join(claim["said_by"])),
        ("verdict", stands),
        ("", claim["sentence"]),
        ("standing", claim["standing_sentence"]),
        ("newest run", _reason(claim)),
        ("estimate", estimate(claim)),
        ("measured", claim["measure"]),
        ("decided by", claim["title"] if claim["decided_by"] else ""),
        ("rests on" if claim["n_sources"] else "found", behind(claim)),
        ("pooled", claim["pooling"]),
        ("robustness", claim["robustness"]),
        (
            "could show",
            "" if least is None else f"a truth {least:.1f} from the bar, with 80 % power",
        ),
        ("window", claim["window_note"]),
        ("as of", f"{claim['as_of']}, run {claim['run_id']}"),
    ):
        told += labelled(label, text, width)
    for title, lines in _tables(claim, width):
        told += ["", title, *(f"  {line}" for line in lines)]
    told += ["", "Rule"]
    for label, text in (
        ("why", claim["why"]),
        ("needs", _needs(claim)),
        ("registered", f"{claim['registered_on']}, hash {claim['rule_hash']}"),
        ("query", claim.get("sql_file")),
        ("beside", _named(claim["beside"])),
        ("rivals", _named(claim["rivals"])),
    ):
        told += labelled(label, text, width)
    return "\n".join(told)


def _reason(claim: Row) -> str:
    """Return why the numbers differ from the run before; nothing where they do not."""
    standing = claim["standing"] or {}
    if not standing.get("reason"):
        return ""
    before = standing["estimate_before"]
    return standing["reason"] + ("" if before is None else f"; the estimate was {before:.1f}")


def _needs(claim: Row) -> str:
    if not claim["testable"] or not claim["needs_observes"]:
        return ""
    frame = {"any": "any sampling", "all_jobs": "a sample of all jobs"}
    shows = claim["needs_observes"].replace(" ", " or ")
    return f"{frame.get(claim['needs_frame'], claim['needs_frame'])}; a source shows {shows}"


def _named(others: Iterable[Row]) -> str:
    return "; ".join(
        f"{one['claim_id']} ({in_words(one['verdict']) if one['verdict'] else 'not registered'})"
        for one in others
    )


def _tables(claim: Row, width: int) -> Iterable[tuple[str, list[str]]]:
    """Yield a title and lines for every table that has rows."""
    in_parts = len(claim["parts"]) > 1
    measured = _MEASURED
    headline = [row for row in claim["sensitivity"] if row["time_window"] == claim["time_window"]]
    # the verdicts of years are pooled; where none is judged, each source's own years
    years = claim["years"] or claim["years_by_family"]
    who = "verdict" if claim["years"] else "source_family"
    shown: tuple[tuple[str, tuple[str, ...], list[Row]], ...] = (
        ("Sources", ("source_family", *measured, "entered?"), claim["families"]),
        ("Years", ("time_window", *measured, who), years),
        ("All years together", ("time_window", *measured), claim["all_time"]),
        ("Changed sides", ("source_family", "last_before", "first_after", "crossed_on",
         "days"), claim["flips"]),
        ("Done otherwise", ("variant", *measured[:2], "verdict"), headline),
        ("Other readings", ("reading", "time_window", *measured, "verdict"), claim["readings"]),
        ("Versions of the rule", ("registered_on", "rule_hash", "first_run_id"),
         claim["versions"]),
    )  # fmt: skip
    if in_parts:
        yield "Parts", _table(("title", *measured, "verdict"), claim["parts"], width)
    titles = {row["part"]: row["title"] for row in claim["parts"]}
    for title, names, rows in shown:
        for part in dict.fromkeys((WHOLE, *titles, None)):
            of_part = [row for row in rows if row.get("part") == part]
            named = f"{title}: {titles.get(part, 'the whole')}" if in_parts and part else title
            if of_part:
                yield named, _table(names, of_part, width)


def _table(names: Sequence[str], rows: Sequence[Row], width: int) -> list[str]:
    header = [name.replace("_", " ") for name in names]
    numeric = {at for at, name in enumerate(names) if name in _MEASURED}
    return columns(
        header, [[_cell(name, row) for name in names] for row in rows], numeric, width - 2
    )


def _cell(name: str, row: Row) -> str:
    if name == "95 % interval":
        return interval(row)
    if name == "estimate":
        return number(row["estimate"])
    if name in ("postings", "employers"):
        return count(row[f"n_{name}"])
    if name in ("verdict", "time_window", "reading"):
        return in_words(row[name])
    if name == "entered?":
        return row["pooled"] or ""
    if name == "rule_hash":
        return row["rule_hash"][:12]
    if name == "days":
        return f"{row['ci_low']} to {row['ci_high']}" if row["ci_low"] else ""
    return str(row[name] or "")


def estimate(row: Row) -> str:
    """Return an estimate with unit and interval; of two sources, which are not pooled, a range."""
    if row["estimate"] is None:
        return f"not pooled, {interval(row)}" if row["ci_low"] is not None else ""
    between = f" (95 % interval {interval(row)})" if row["ci_low"] is not None else ""
    unit = row.get("unit") or ""
    return f"{row['estimate']:.1f}{' ' * bool(unit)}{unit}{between}"


def behind(row: Row) -> str:
    """Return the sample in words; nothing for outside series and figures."""
    if row["n_postings"] is None:
        return ""
    return ", ".join(
        f"{row[f'n_{name}s'] or 0:,} {name}{'s' * (row[f'n_{name}s'] != 1)}"
        for name in ("posting", "employer", "source")
    )


def number(value: float | None) -> str:
    """Return a number to one decimal, nothing for none."""
    return "" if value is None else f"{value:.1f}"


def count(value: int | None) -> str:
    """Return a count with thousands separated, nothing for none."""
    return "" if value is None else f"{value:,}"


def interval(row: Row) -> str:
    """Return the 95 % interval in words, nothing where there is none."""
    if row["ci_low"] is None:
        return ""
    return f"{row['ci_low']:.1f} to {row['ci_high']:.1f}"

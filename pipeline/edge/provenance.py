"""The provenance page of the reference corpus: where each dataset is from, and what it holds.

Layer:   edge (disk). `python -m pipeline.edge.provenance` writes reference/PROVENANCE.md beside
         datasets.toml, which says what cannot be counted: origin, frame, terms. The outside series
         beside the corpus have a section of their own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from pipeline.edge import indicators
from pipeline.edge.reference import datasets, folder
from pipeline.errors import InputError
from pipeline.mentions.lexicon import load
from pipeline.postings.gazetteer import gazetteer

_FRAMES = {"all_jobs": "all jobs of its place", "search_words": "data/ML search words"}
_DATES = {"real": "day of the ad", "proxy": "day of collection"}
_HEAD = """\
# Where the reference corpus comes from

Written by `make docs` from `datasets.toml` and the Parquet files beside it; do not edit it. What
the corpus is and what it may be used for: [NOTICE.md](NOTICE.md).

Each file holds digests: the facts our extractor read from one dataset of real postings, without
the postings' text. The datasets were found as data files in public repositories, as linked.
"Licence" repeats what the repository says of itself; such a licence covers the repository's own
work and cannot speak for the employers and boards whose postings these were. Where none is stated,
none is claimed here.

- *Frame*: whether the dataset holds all jobs of its place, or was collected with search words for
  data and machine-learning jobs. Only the former can say how common such jobs are.
- *Shows*: the whole text of the ad, a snippet, a list of skills, or titles only, when we read it.
- *Dates*: the day each ad was posted, or the day all were collected (a proxy: it gives a year at
  most and never a trend). "Dated" is how many rows carry a real day.
- *Name a framework*: rows that name at least one framework of the deep-learning set, other than to
  say that it is not wanted.
- *Copies*: rows that repeat another row of the corpus exactly; they are counted once.

"""
_COUNTRIES = """\

## Countries

The countries that most rows of a dataset name, and how many rows. A row that names several counts
in each, and copies count like any row. "Others" is how many further countries are named (one with
a handful of rows may be a name misread), "no country" how many rows name none: they say "Remote",
or their dataset holds no places.
"""
_SHOWN = 5  # countries a dataset is shown with
_HEADINGS = (
    "dataset | found in | frame | shows | dates | years | rows | dated | copies"
    " | name a framework | licence"
)


@dataclass(frozen=True, slots=True)
class Counts:
    """What one file of digests holds; `years` is "" where no row has a date."""

    rows: int
    years: str
    n_real_dates: int
    n_copies: int
    n_naming: int
    countries: Counter[str]
    n_nowhere: int


def count(path: Path) -> Counts:
    """Count one file of digests."""
    columns = ["posted_on", "date_kind", "duplicate_of", "frameworks", "places"]
    rows = pq.read_table(path, columns=columns).to_pylist()
    deep = {term.id for term in load().frameworks if term.deep_learning}
    years = sorted({row["posted_on"].year for row in rows if row["posted_on"]})
    naming = [row for row in rows if any(_names(one, deep) for one in row["frameworks"])]
    named = [{place["country"] for place in row["places"]} - {"", None} for row in rows]
    return Counts(
        rows=len(rows),
        years="" if not years else "–".join(dict.fromkeys([str(years[0]), str(years[-1])])),
        n_real_dates=sum(row["date_kind"] == "real" for row in rows),
        n_copies=sum(bool(row["duplicate_of"]) for row in rows),
        n_naming=len(naming),
        countries=Counter(country for countries in named for country in countries),
        n_nowhere=sum(not countries for countries in named),
    )


def _names(framework: Mapping[str, Any], deep: set[str]) -> bool:
    return framework["name"] in deep and framework["requirement"] != "negated"


def provenance(where: Path | None = None) -> str:
    """Return the page of a corpus folder; raise InputError for a file nobody described."""
    place = where or folder()
    listed = datasets(where)
    present = {path.stem for path in place.glob("*.parquet")}
    if unknown := sorted(present - listed.keys()):
        raise InputError(f"{place}: {', '.join(unknown)} not in datasets.toml; describe it there")
    counted = {name: count(place / f"{name}.parquet") for name in sorted(present)}
    total = sum(one.rows for one in counted.values())
    naming = sum(one.n_naming for one in counted.values())
    lines = [
        f"{len(counted)} datasets, {total:,} rows, of which {naming:,} name a framework.",
        "",
        f"| {_HEADINGS} |",
        "|" + " --- |" * (_HEADINGS.count("|") + 1),
        *(_line(name, listed[name], one) for name, one in counted.items()),
        *_countries(counted),
        "",
        "## Left out",
        "",
    ]
    left_out = {name: entry for name, entry in listed.items() if name not in present}
    for name, entry in sorted(left_out.items()):
        reason = entry.get("left_out", "its digests are not in this copy")
        lines.append(f"- {name}: {reason} ({entry['licence']}; <{entry['found_in']}>)")
    series = place / "indicators"
    outside = "\n" + indicators.page(series) if series.is_dir() else ""
    return _HEAD + "\n".join(lines) + "\n" + outside


def _line(name: str, entry: Mapping[str, Any], counts: Counts) -> str:
    repository = entry["found_in"].removeprefix("https://github.com/")
    stands_for = f" (as `{entry['source']}`)" if "source" in entry else ""
    cells = [
        f"`{name}`{stands_for}",
        f"[{repository}]({entry['found_in']})",
        _FRAMES[entry["frame"]],
        entry["observes"].replace("_", " "),
        _DATES[entry["dates"]],
        counts.years or "none",
        f"{counts.rows:,}",
        f"{counts.n_real_dates:,}",
        f"{counts.n_copies:,}",
        f"{counts.n_naming:,}",
        entry["licence"],
    ]
    return f"| {' | '.join(cells)} |"


def _countries(counted: Mapping[str, Counts]) -> list[str]:
    """Return the table of the countries that each dataset and the whole corpus name most."""
    total: Counter[str] = Counter()
    for one in counted.values():
        total.update(one.countries)
    rows = {f"`{name}`": (one.countries, one.n_nowhere) for name, one in counted.items()}
    rows["all datasets"] = (total, sum(one.n_nowhere for one in counted.values()))
    names = gazetteer().countries
    lines = [_COUNTRIES, "| dataset | countries | others | no country |", "| --- " * 4 + "|"]
    for name, (countries, n_nowhere) in rows.items():
        # by count, then by code: the same digests give the same page
        most = sorted(countries.items(), key=lambda one: (-one[1], one[0]))[:_SHOWN]
        shown = ", ".join(f"{names.get(code, code)} {n:,}" for code, n in most) or "none"
        lines.append(f"| {name} | {shown} | {len(countries) - len(most)} | {n_nowhere:,} |")
    return lines


def write(where: Path | None = None) -> None:
    """Write the page into the corpus's own folder."""
    page = (where or folder()) / "PROVENANCE.md"
    page.write_text(provenance(where), encoding="utf-8")


if __name__ == "__main__":
    write()

"""The outside series that ship with the program: read from their folder, and told of on a page.

Layer:   edge (disk). The files lie beside the reference corpus, in reference/indicators.
"""

from __future__ import annotations

from pathlib import Path

from pipeline.edge.reference import folder as corpus_folder
from pipeline.errors import InputError
from pipeline.sources.indicators import Observation, Series, read_observations, read_series

# the columns of lake.indicators, in the order of an Observation's fields
INDICATORS = {
    "indicator": "varchar",
    "entity": "varchar",
    "framework": "varchar",
    "period": "date",
    "period_kind": "varchar",
    "value": "double",
    "n": "bigint",
    "unit": "varchar",
    "source_name": "varchar",
    "licence": "varchar",
    "url": "varchar",
}
_PAGE = """\
## Outside series

Some claims are about research papers, or about how common AI jobs are anywhere: for those stand a
few series that others counted, in [indicators/](indicators/), described in `indicators.toml`. Terms
decide how much of each is here: series under CC BY as monthly means, everything else as single
figures that are cited. Their rows are `core.indicators`, each with publisher, licence and address.
"""


def folder() -> Path:
    """Return where the embedded series lie."""
    return corpus_folder() / "indicators"


def listed(where: Path | None = None) -> tuple[Series, ...]:
    """Return what is said of every series."""
    return read_series(((where or folder()) / "indicators.toml").read_text(encoding="utf-8"))


def observations(where: Path | None = None) -> list[Observation]:
    """Return the rows of all series, in the order in which they are described.

    Raises InputError for a file that nobody described, or a description without its file.
    """
    place = where or folder()
    found = listed(place)
    present, named = {path.stem for path in place.glob("*.csv")}, {one.file for one in found}
    if stray := sorted(present ^ named):
        raise InputError(
            f"{place.name}: expected a CSV file for each section of indicators.toml and no other, "
            f"saw {', '.join(stray)} on one side only; add the other"
        )
    return [
        row
        for one in found
        for row in read_observations(one, (place / f"{one.file}.csv").read_text(encoding="utf-8"))
    ]


def page(where: Path | None = None) -> str:
    """Return the section of the provenance page: what each series is, its terms, its traps."""
    rows = observations(where)
    lines = [
        _PAGE,
        "| series | publisher | found in | years | rows | licence |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    said = []
    for one in listed(where):
        own = [row for row in rows if (row.indicator, row.url) == (one.name, one.found_in)]
        repository = one.url.removeprefix("https://github.com/")
        years = sorted({row.period.year for row in own})
        cells = [
            f"`{one.file}`" + (f" (of `{one.name}`)" if one.name != one.file else ""),
            one.publisher,
            f"[{repository}]({one.found_in}) `{one.path}`",
            "–".join(dict.fromkeys([str(years[0]), str(years[-1])])),
            f"{len(own):,}",
            one.licence,
        ]
        lines.append(f"| {' | '.join(cells)} |")
        said.append(f"- `{one.file}`: {one.measures} {one.traps} *{one.attribution}*")
    return "\n".join([*lines, "", *said]) + "\n"

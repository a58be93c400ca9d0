"""The demand page's numbers as script files: a page opened from disk cannot fetch, but may load.

Layer:   dashboards (pure). The same rows give the same bytes.

A file sets `window.JOBMARKET_DEMAND[<its name>]`. Cells are columns, by window and by the two
dimensions: value, other value, postings, employers, then the naming counts and the margins of
each framework. Values are places in the page's own lists. Margins are hundredths of a point and
stand only where there are any: always by one dimension, crossed from five employers on. Last come
those frameworks that some postings cannot show: their places, and the postings and employers that
can, per cell.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from importlib import resources
from typing import Any

from dashboards.demand import Demand
from dashboards.site_data import Row
from dashboards.words import is_small

FOLDER = "data/demand"
WHOLE = "all"


def demand_files(
    demand: Demand, cells: Sequence[Row], pairs: Sequence[Row], pay: Sequence[Row]
) -> dict[str, str]:
    """Return the script files by their paths: two a family, one a dimension of the whole."""
    parts: dict[str, dict[str, Any]] = {family: _family() for family in demand.families}
    for family, window, names, rows in _grouped(cells):
        packed = _packed(demand, names, rows)
        if names[0] == WHOLE:
            parts[family]["single"].setdefault(window, {})[names[1]] = packed
            continue
        file = f"{WHOLE}-{names[0]}" if family == WHOLE else f"{family}-crossed"
        parts[family]["files"] = sorted({*parts[family]["files"], file})
        parts.setdefault(file, {}).setdefault(window, {})["|".join(names)] = packed
    for row in pairs:
        named = [row["other_framework"], row["n_both"], _hundredths(row["margin_pct"])]
        if row["n_could_show"] != row["n_naming"]:
            named += [row["n_could_show"], row["n_could_show_employers"]]
        found = parts[str(row["source_family"])]["pairs"].setdefault(row["time_window"], {})
        base = [row["n_naming"], row["n_employers"], []]
        found.setdefault(row["framework"], base)[2].append(named)
    for row in pay:
        quartiles = [row[f"pay_{name}_year"] for name in ("p25", "median", "p75")]
        # a family may state pay and name no framework: the page does not offer it
        if family_parts := parts.get(str(row["source_family"])):
            found = family_parts["pay"].setdefault(row["time_window"], {})
            line = [row["framework"], row["n_paid_postings"], row["n_employers"], *quartiles]
            found.setdefault(row["salary_currency"], []).append(line)
    files = {f"{FOLDER}/{name}.js": _script(name, part) for name, part in sorted(parts.items())}
    script = resources.files("dashboards").joinpath("assets/demand.js").read_text(encoding="utf-8")
    return {"assets/demand.js": script} | files


def _family() -> dict[str, Any]:
    return {"single": {}, "pairs": {}, "pay": {}, "files": []}


def _grouped(cells: Iterable[Row]) -> Iterable[tuple[str, str, tuple[str, str], list[Row]]]:
    groups: dict[tuple[str, str, str, str], list[Row]] = {}
    for row in cells:
        key = (row["source_family"], row["time_window"], row["by_name"], row["and_name"])
        groups.setdefault(key, []).append(row)
    for (family, window, name, other), rows in groups.items():
        yield family, window, (name, other), rows


def _packed(demand: Demand, names: tuple[str, str], rows: Sequence[Row]) -> list[Any]:
    is_single = names[0] == WHOLE
    places = [demand.places(name) for name in names]
    order = [rows[0]["frameworks"].index(framework) for framework in demand.frameworks]
    measured = [row for row in rows if is_single or not is_small(row["n_dl_employers"])]
    return [
        [] if is_single else [places[0][row["value"]] for row in rows],
        [places[1][row["and_value"]] for row in rows],
        [row["n_dl_postings"] for row in rows],
        [row["n_dl_employers"] for row in rows],
        [[row["n_naming"][at] for row in rows] for at in order],
        [[_hundredths(row["margins_pct"][at]) for row in measured] for at in order],
        _hidden(order, rows),
    ]


def _hidden(order: Sequence[int], rows: Sequence[Row]) -> list[list[list[int]]]:
    # lists that leave out one framework leave out others too: their columns stand once
    columns: dict[tuple[tuple[int, ...], tuple[int, ...]], list[int]] = {}
    whole = tuple(row["n_dl_postings"] for row in rows)
    for place, at in enumerate(order):
        could = tuple(row["n_could_show"][at] for row in rows)
        if could != whole:
            behind = tuple(row["n_could_show_employers"][at] for row in rows)
            columns.setdefault((could, behind), []).append(place)
    return [[places, list(could), list(behind)] for (could, behind), places in columns.items()]


def _hundredths(points: float | None) -> int | None:
    return None if points is None else round(100 * points)


def _script(name: str, part: Mapping[str, Any]) -> str:
    text = json.dumps(part, ensure_ascii=False, separators=(",", ":"))
    opening = "(window.JOBMARKET_DEMAND=window.JOBMARKET_DEMAND||{})"
    return f"{opening}[{json.dumps(name)}]={text};\n"

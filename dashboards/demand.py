"""What the demand page says before it loads anything: its choices, its names, its first table.

Layer:   dashboards (pure). The cells themselves are in script files (demand_scripts).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from dashboards.palette import FRAMEWORK_ORDER, PALETTE
from dashboards.site_data import Row
from dashboards.tables import SMALL_NOTE, Column, Table
from dashboards.words import (
    SMALL_CELL_EMPLOYERS,
    SMALL_MARK,
    count,
    employers,
    interval,
    is_small,
    name_of,
    number,
)

WHOLE = "all"
UNSEEN = "cannot be seen"
PART_MARK = "‡"
MOST_FRAMEWORKS = 7  # as many as have a colour of their own
DIMENSIONS = {
    "region": "Region",
    "country": "Country",
    "metro": "Metro area",
    "role": "Role",
    "seniority": "Seniority",
    "employer_kind": "Kind of employer",
    "industry": "Industry",
    "domain": "Domain",
    "requirement": "How it is asked for",
    "year": "Year",
    "quarter": "Quarter",
    "source_family": "Source",
}
TIMES = ("year", "quarter")  # they run along an axis, whatever their sizes
_TITLED = ("region", "metro")  # proper names, every word of them
_VALUES = {
    "latin_america_caribbean": "Latin America and the Caribbean",
    "sf_bay_area": "San Francisco Bay Area",
    "llm_genai": "LLMs and generative AI",
    "nlp": "Natural language (NLP)",
    "robotics_autonomy": "Robotics and autonomy",
    "mobile_edge": "Mobile and edge",
    "ecommerce": "E-commerce",
    "mlops": "MLOps",
    "scikit_learn": "scikit-learn",
    "huggingface_transformers": "Hugging Face Transformers",
    "xgboost": "XGBoost",
    "lightgbm": "LightGBM",
    "spark_mllib": "Spark MLlib",
    "onnx": "ONNX",
    "mlops_engineer": "MLOps engineer",
    "nlp_engineer": "NLP engineer",
    "devops_engineer": "DevOps engineer",
    "required": "Required",
    "preferred": "Preferred",
    "mentioned": "Mentioned, no more",
    "unknown": "Not known",
}


@dataclass(frozen=True)
class Demand:
    """What can be chosen; families come largest first, after the whole market.

    values: the values of each dimension, those with most postings first (times in order)
    rows:   of sql/site/demand.sql, by dimension
    """

    families: tuple[str, ...]
    frameworks: tuple[str, ...]
    values: dict[str, tuple[str, ...]]
    rows: dict[str, list[Row]]

    def size(self, family: str) -> int:
        """Return how many deep-learning postings a family holds in all."""
        name = WHOLE if family == WHOLE else "source_family"
        return next((int(row["n_dl_postings"]) for row in self._of(name, family)), 0)

    def places(self, dimension: str) -> dict[str, int]:
        """Return the place of each value in its list, by value."""
        return {value: place for place, value in enumerate(self.values.get(dimension, ()))}

    def _of(self, dimension: str, value: str) -> list[Row]:
        return [row for row in self.rows.get(dimension, ()) if row["value"] == value]


def demand_of(found: Sequence[Row]) -> Demand:
    """Return the choices that the shares by dimension leave; empty if there are no shares."""
    known = [row for row in found if row.get("by_name") in (WHOLE, *DIMENSIONS)]
    known.sort(key=lambda row: (-row["n_dl_postings"], str(row["value"]), row["framework"]))
    rows: dict[str, list[Row]] = {}
    for row in known:
        rows.setdefault(str(row["by_name"]), []).append(row)
    values = {name: tuple(dict.fromkeys(str(r["value"]) for r in of)) for name, of in rows.items()}
    for name in TIMES:
        values[name] = tuple(sorted(values.get(name, ())))
    whole = sorted(rows.get(WHOLE, ()), key=lambda row: (-row["n_naming"], row["framework"]))
    most = [str(row["framework"]) for row in whole if row["n_naming"]][:MOST_FRAMEWORKS]
    fixed = {framework: place for place, framework in enumerate(FRAMEWORK_ORDER)}
    frameworks = sorted(most, key=lambda name: (fixed.get(name, len(fixed)), name))
    families = (WHOLE, *values.get("source_family", ())) if most else ()
    return Demand(families, tuple(frameworks), values, rows)


def counts_json(demand: Demand) -> str:
    """Return what demand.js must know of choices, names and tones, as JSON."""
    names = dict(_VALUES)
    for dimension, values in demand.values.items():
        names |= {value: value_name(dimension, value) for value in values}
    named = {str(row["framework"]) for row in demand.rows.get(WHOLE, ())}
    names |= {framework: name_of(framework) for framework in named}
    plain = {
        "frameworks": [
            {"id": f, "tone": f if f in PALETTE else "other"} for f in demand.frameworks
        ],
        "dimensions": {name: DIMENSIONS[name] for name in DIMENSIONS if demand.values.get(name)},
        "values": demand.values,
        "names": {value: name for value, name in sorted(names.items()) if value != WHOLE},
        "sizes": {family: demand.size(family) for family in demand.families},
        "small": SMALL_CELL_EMPLOYERS,
        "tones": {name: tones[0] for name, tones in PALETTE.items()},
    }
    text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")  # nothing in it may end the script element


def value_name(dimension: str, value: str) -> str:
    """Return a value as people write it; countries stay codes, which browsers can name."""
    if value in _VALUES:
        return _VALUES[value]
    if dimension in _TITLED:
        return " ".join(word.capitalize() for word in value.split("_"))
    return name_of(value)


def demand_table(demand: Demand, family: str, dimension: str) -> Table:
    """Return the shares by one dimension with their intervals, newest or largest first.

    family: of whom the page's first table speaks; only the whole market has one
    """
    columns = (
        Column(DIMENSIONS[dimension]),
        Column("Postings", True),
        Column("Employers", True),
        *(Column(f"{name_of(framework)}, %", True) for framework in demand.frameworks),
    )
    found = {(row["value"], row["framework"]): row for row in demand.rows.get(dimension, ())}
    values = demand.values[dimension]
    lines = []
    for value in reversed(values) if dimension == "year" else values:
        shares = [_share(found[value, framework]) for framework in demand.frameworks]
        row = found[value, demand.frameworks[0]]
        voices = employers(row["n_dl_employers"])
        lines.append((value_name(dimension, value), count(row["n_dl_postings"]), voices, *shares))
    title = "All sources together" if family == WHOLE else name_of(family)
    caption = f"{title}, by {DIMENSIONS[dimension].lower()}"
    note = (
        "Shares in percent of postings that name a deep-learning framework, 95 % intervals. "
        f"{PART_MARK} Of those whose source can show this one: some show a fixed list of words "
        "without it."
    )
    return Table(caption, columns, tuple(lines), f"{note} {SMALL_NOTE}")


def _share(row: Row) -> str:
    if row["share_pct"] is None:
        return UNSEEN
    bounds = interval(row["ci_low_pct"], row["ci_high_pct"]).replace(" to ", "–")
    few = f" {SMALL_MARK}" if row["is_small"] and not is_small(row["n_dl_employers"]) else ""
    part = f" {PART_MARK}" if row["n_could_show"] < row["n_dl_postings"] else ""
    return f"{number(row['share_pct'])} ({bounds}){few}{part}"

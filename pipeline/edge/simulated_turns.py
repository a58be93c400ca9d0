"""Leads that change sides on a day that is known, and the interval that is given for it.

Layer:   edge (pure; numpy).
"""

from __future__ import annotations

from datetime import date

import numpy as np

from pipeline.claims.judge import judge
from pipeline.claims.registry import parse_claim
from pipeline.edge import simulated
from pipeline.edge.simulated import AVERAGE_YEAR, YEARS, Counts
from pipeline.edge.simulated_cases import generator

_TURN = """
id = "turn"
statement = "The first leads."
said_by = ["A"]
topic = "market"
why = "A truth that is known."
registered_on = 2026-01-01
needs = { frame = "any", observes = ["full_text"] }
[[parts]]
name = "all"
estimator = "lead"
direction = "above"
title = "All"
measure = "Lead"
above = "Above"
below = "Below"
"""


def turns(employers: int, draws: int) -> tuple[float, float]:
    """Return how often a turn is reported, and how often its interval holds it, in percent.

    The lead rises by ten points a year and crosses zero as 2022 ends.
    """
    rng = generator("turns", employers)
    claim = parse_claim("turn.toml", _TURN.encode(), b"select")
    size = simulated.sizes(rng, draws, employers)
    first, of = simulated.by_year(rng, 2 * size, 0.5 - 0.05 * (2022.5 - AVERAGE_YEAR), 5.0)
    lead = 2 * first - of  # each posting names one of the two
    found = [
        row
        for one, many in zip(lead, of, strict=True)
        for row in judge(
            [claim], {"turn": _columns(one, many)}, as_of=date(2026, 1, 1), run_id=""
        ).flips
    ]
    truth = date(2023, 1, 1)
    held = [row["ci_low"] <= truth <= row["ci_high"] for row in found]  # type: ignore[operator]
    return 100 * len(found) / draws, 100 * float(np.mean(held))


def _columns(lead: Counts, size: Counts) -> dict[str, object]:
    """Return the sums of one sample as a claim's SQL gives them."""
    employer, year = np.nonzero(size)
    constant = {
        "part": "all",
        "source": "board",
        "source_family": "board",
        "frame": "all_jobs",
        "observes": "full_text",
        "date_kind": "real",
    }
    given: dict[str, object] = {
        name: np.full(len(employer), value, dtype=object) for name, value in constant.items()
    }
    return given | {
        "period": (YEARS[year] - 1970).astype("datetime64[Y]").astype("datetime64[D]"),
        "employer_id": employer.astype(str).astype(object),
        "n_postings": size[employer, year],
        "numerator": lead[employer, year],
        "denominator": size[employer, year],
    }

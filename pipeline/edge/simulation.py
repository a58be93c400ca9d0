"""docs/methods.md: whether the intervals and verdicts keep their promise, by simulation.

Layer:   edge (disk). `python -m pipeline.edge.simulation` draws employers from known truths,
         estimates and judges them as a night does, and rewrites what stands between the page's
         two marks. It takes about two minutes.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from pipeline.edge import simulated_cases as cases
from pipeline.edge.simulated import AGREEMENT, HEAVY_TAIL, LARGEST, LEAST, TAIL
from pipeline.edge.simulated_turns import turns

TARGET = Path(__file__).resolve().parents[2] / "docs" / "methods.md"
BEGIN = "<!-- written by `python -m pipeline.edge.simulation` -->"
END = "<!-- until the end of the simulation -->"
DRAWS, WORLDS, TURNS = 2000, 500, 200
EMPLOYERS = (15, 30, 100, 400)
ERROR = 100 * (0.95 * 0.05 / DRAWS) ** 0.5  # of a coverage, in points
FEWEST, MOST = 93, 97


def simulation() -> str:
    """Return the section, as Markdown."""
    parts = (_one_source(), _several_sources(), _wrong_verdicts(), _power(), _turns())
    return "\n\n".join(paragraph for part in parts for paragraph in part)


def with_section(page: str, section: str) -> str:
    """Return the page with that section between its marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{section}\n\n{END}{after}"


def cell(rate: cases.Rate) -> str:
    """Return coverage (wrongly supported, wrongly contradicted); bold where it is not kept."""
    covered = f"{rate.covered:.1f}"
    told = covered if FEWEST <= rate.covered <= MOST else f"**{covered}**"
    return f"{told} ({rate.supported:.1f}, {rate.contradicted:.1f})"


def _one_source() -> Iterator[str]:
    yield _prose(f"""
        Employers are drawn from a truth that is known; they are estimated and judged by the code
        that judges real ones. One employer in k² has k postings or more, {LARGEST} at most, which
        is the tail of the embedded corpus; two postings of one employer agree with a correlation
        of {AGREEMENT:g}. A sample of fewer than {LEAST} postings would not be heard and is drawn
        again. Every case has a seed of its own.""")
    yield _prose(f"""
        **One source.** In how many of {DRAWS:,} samples the 95 % interval holds the truth, in
        percent, give or take {ERROR:.1f} by chance. In brackets, how often a rule whose bar is
        the truth itself was wrongly supported and wrongly contradicted; an interval that keeps
        its promise allows 2.5 of each. Bold: outside {FEWEST} to {MOST}.""")
    yield _coverage(TAIL, EMPLOYERS)
    yield _prose(f"""
        What is hardest is a share near 0 or 100 %: a sample that misses the few employers who
        stand out has too little spread to know that it missed them. Fewer effective employers
        make it harder; here are sources with more large ones (one in k^{HEAVY_TAIL:g} has k
        postings or more).""")
    yield _coverage(HEAVY_TAIL, EMPLOYERS[2:])


def _coverage(tail: float, employers: tuple[int, ...]) -> str:
    return _table(
        ("truth", *(f"{many} employers" for many in employers)),
        [
            (name, *(cell(cases.rate(name, many, DRAWS, tail)) for many in employers))
            for name in cases.CASES
        ],
    )


def _several_sources() -> Iterator[str]:
    yield _prose(f"""
        **Several sources.** A lead of 3 points, pooled over families of 30 to 400 employers whose
        own truths differ by the standard deviation given ({DRAWS:,} samples). Few families that
        agree have an interval that is too wide, on purpose: it is never shorter than their own
        errors allow, on as many degrees of freedom as there are families less one. Last: how
        often the prediction interval holds the truth of one family more. Of families that differ
        much it is too short, since so few cannot tell how much they differ.""")
    rows = []
    for families in (3, 5, 8):
        for spread in (0, 3, 8):
            rate, inside = cases.pooled(families, spread, DRAWS)
            rows.append((str(families), f"{spread} points", cell(rate), f"{inside:.1f}"))
    yield _table(("families", "differ by", "pooled interval", "prediction interval"), rows)


def _wrong_verdicts() -> Iterator[str]:
    yield _prose(f"""
        **Wrong verdicts.** There is no lead, and the rule asks for one above 3 points: how often
        one of {DRAWS:,} samples of one source says that there is. Beside it, an equivalence within
        10 points whose truth lies 10 points off; two one-sided tests allow 5 %.""")
    yield _table(
        ("employers", "lead wrongly supported", "equivalence wrongly supported"),
        [
            (
                str(many),
                f"{cases.no_lead(many, DRAWS).supported:.1f} %",
                f"{cases.at_the_edge(many, DRAWS).supported:.1f} %",
            )
            for many in EMPLOYERS
        ],
    )
    yield _prose(f"""
        {cases.CLAIMS} claims judged together, {WORLDS} times: the truth of some lies 25 points
        above the bar, that of all others on the bar.""")
    rows = []
    for true in (0, 20, 45):
        rng = cases.generator("world", true)
        found = [cases.world(rng, true) for _ in range(WORLDS)]
        reached, wrong = (np.array(column) for column in zip(*found, strict=True))
        share = np.mean(wrong / np.maximum(reached, 1))
        some = np.mean(wrong > 0)
        rows.append(
            (str(true), f"{reached.mean():.1f}", f"{100 * some:.1f} %", f"{100 * share:.1f} %")
        )
    yield _table(("true", "verdicts reached", "any of them wrong", "share of them wrong"), rows)


def _power() -> Iterator[str]:
    yield _prose("""
        **What could have been shown.** An inconclusive verdict says what could have been shown in
        four samples of five. Where the truth lies that far above a bar of 3 points:""")
    rows = []
    for many in EMPLOYERS[1:]:
        smallest, shown = cases.power(many, DRAWS)
        rows.append((str(many), f"{smallest:.1f} points", f"{shown:.1f} %"))
    yield _table(("employers", "above the bar by", "shown"), rows)


def _turns() -> Iterator[str]:
    yield _prose(f"""
        **When a lead turned.** A lead rises by ten points a year and crosses zero on a day that is
        known ({TURNS} samples). A turn is told only where a year lies wholly on either side.""")
    rows = []
    for many in EMPLOYERS[2:]:
        told, held = turns(many, TURNS)
        rows.append((str(many), f"{told:.1f} %", f"{held:.1f} %"))
    yield _table(("employers", "turn told", "its interval holds the day"), rows)


def _prose(text: str) -> str:
    return textwrap.fill(" ".join(text.split()), 110)


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    written = simulation()
    # the page is read last: others may write on it meanwhile
    TARGET.write_text(with_section(TARGET.read_text(encoding="utf-8"), written), encoding="utf-8")

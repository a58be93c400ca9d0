"""Invented job ads for the benchmarks: the same number and seed always give the same ads.

Layer:   edge (used by bench_* only).
Quirk:   real ads differ: they are of every length, layout and language, and name other things.
         These run to some 2,500 characters, and one in twelve names frameworks, about as many as
         in collections of all jobs.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

_NAMING = 12  # one ad in so many names frameworks
_FIRST_DAY = date(2023, 1, 2)
_DAYS = 900

_TITLES = (
    "Data Scientist", "Machine Learning Engineer", "Backend Engineer", "Data Engineer",
    "Frontend Developer", "Research Scientist", "DevOps Engineer", "Product Manager",
    "Data Analyst", "Software Engineer", "Computer Vision Engineer", "Account Manager",
)  # fmt: skip
_LEVELS = ("", "", "Senior ", "Junior ", "Lead ", "Staff ")
_EMPLOYERS = (
    "Tall Oak", "Quiet Harbour", "Copper Lane", "Blue Ferry", "North Mill", "Paper Kite",
    "Amber Field", "Slate Bridge", "Green Anchor", "Early Train", "Round Table", "Long Meadow",
)  # fmt: skip
_TRADES = ("Analytics", "Health", "Logistics", "Robotics", "Payments", "Energy", "Media", "Foods")
_FORMS = ("GmbH", "Ltd", "Inc", "Labs", "Group")
_CITIES = (
    "Boston, MA", "Berlin, Germany", "London, UK", "Toronto, Canada", "Austin, TX",
    "Paris, France", "Bengaluru, India", "Amsterdam, Netherlands", "Remote", "Chicago, IL",
)  # fmt: skip
_PRODUCTS = (
    "route planning", "claims handling", "crop forecasts", "spare parts search", "tenant billing",
    "lesson planning", "meter reading", "fleet repair", "menu pricing", "ticket routing",
)  # fmt: skip
_OPENINGS = (
    "{employer} builds software for {product}. Some {n} people work here, and most of them talk "
    "to customers every week.",
    "Since our first release, {employer} has helped {n} companies with {product}. Now the team "
    "that looks after it is growing.",
    "We are {employer}. {n} teams use our tools for {product}, and each of them sends us wishes.",
)
_DUTIES = (
    "Plan, write and review code for our {product} service together with {n} colleagues",
    "Keep the service fast while the number of customers grows; last year it doubled",
    "Talk to the people who do {product} all day, and turn what they say into small steps",
    "Look after the tests, the build and the weekly release",
    "Write down what was decided and why, so that the next person need not ask",
    "Find out why a number looks odd, and say so before anybody acts on it",
    "Help to choose what we leave out. A short list that is done beats a long one that is not",
    "Share one week in {n} of looking after the running service during office hours",
    "Explain results to colleagues from sales, support and finance in plain words",
    "Bring order into tables that were filled by hand over many years",
)
_WANTED = (
    "{n}+ years of professional experience in a similar position",
    "Good knowledge of Python and SQL",
    "Experience with Docker and at least one cloud, e.g. AWS or Azure",
    "You write clearly, and you ask when something is unclear",
    "A degree in computer science, mathematics or a related subject, or experience to match",
    "Comfortable with Linux, Git and code review",
    "Experience with Spark or other tools for tables that do not fit into memory",
    "Strong communication skills; fluent English, further languages are welcome",
    "You have maintained something that others depend on",
    "Working knowledge of Kubernetes, Terraform or similar tools",
)
_FRAMEWORK_LINES = (
    "Hands-on experience with PyTorch or TensorFlow",
    "You have trained and shipped models with PyTorch; Keras is a plus",
    "Solid knowledge of scikit-learn, XGBoost and pandas",
    "Experience with deep learning frameworks such as TensorFlow, Keras or JAX",
    "We use PyTorch Lightning and Hugging Face Transformers in production",
    "Familiar with TensorFlow 2.x, ONNX and model serving",
)
_OFFERS = (
    "Thirty days of leave, and every second Friday afternoon off",
    "A budget of {n}00 euros a year for courses and books",
    "Working hours that fit around school and nursery",
    "Equipment of your choice; we repair before we replace",
    "A quiet room, a loud room, and a kitchen between them",
    "Shares in the company after the first year",
)
_CLOSINGS = (
    "Send us a short note and two links to work you are fond of. We answer within {n} days. "
    "The first talk takes half an hour, the second is a piece of real work that we do together.",
    "We read every application. Tell us what you would change about {product}, and what you "
    "would leave as it is. Nobody here has to know everything on the first day.",
)
_LAYOUTS = (("\n\n", "\n- "), ("\n", "\n"), ("  ", ". "))  # one in three lost its line breaks


def ads(count: int, *, first: int = 0, seed: int = 7) -> Iterator[dict[str, Any]]:
    """Yield `count` ads with the fields of a postings file; the ids go on from `first`."""
    for number in range(first, first + count):
        yield _ad(number, random.Random(seed * 1_000_003 + number))


def write_ads(path: Path, count: int, *, first: int = 0) -> None:
    """Write ads as JSON Lines."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(ad) + "\n" for ad in ads(count, first=first))


def _ad(number: int, chance: random.Random) -> dict[str, Any]:
    employer = f"{chance.choice(_EMPLOYERS)} {chance.choice(_TRADES)} {chance.choice(_FORMS)}"
    pay = chance.randrange(60, 160) if not number % 4 else 0
    return {
        "posting_id": f"ad-{number:07}",
        "title": chance.choice(_LEVELS) + chance.choice(_TITLES),
        "employer": employer,
        "location": chance.choice(_CITIES),
        "description": _description(number, employer, chance),
        "posted_on": (_FIRST_DAY + timedelta(days=chance.randrange(_DAYS))).isoformat(),
        "salary": f"${pay},000 - ${pay + 25},000 per year" if pay else "",
    }


def _description(number: int, employer: str, chance: random.Random) -> str:
    product = chance.choice(_PRODUCTS)
    gap, bullet = chance.choice(_LAYOUTS)
    wanted = chance.sample(_WANTED, 6)
    if not number % _NAMING:
        wanted[chance.randrange(3) : 3] = chance.sample(_FRAMEWORK_LINES, chance.randint(1, 2))
    paragraphs = [
        chance.choice(_OPENINGS),
        bullet.join(["What you will do:", *chance.sample(_DUTIES, 8)]),
        bullet.join(["Requirements:", *wanted]),
        bullet.join(["What we offer:", *chance.sample(_OFFERS, 4)]),
        chance.choice(_CLOSINGS),
        f"Reference {number}.",
    ]
    return gap.join(
        paragraph.format(employer=employer, product=product, n=chance.randrange(2, 9))
        for paragraph in paragraphs
    )

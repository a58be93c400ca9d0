"""The commented jobmarket.toml that `jobmarket init` writes: every source, its terms and defaults.

Layer:   edge. The facts of a source come from its own TOML, so that they stand in one place.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from pipeline.edge.settings import LIVE_SOURCES, declared
from pipeline.sources.boards import starter

_HEAD = """\
# jobmarket: what a run reads, and how. Every line has its default; delete what you do not change.
# A run takes the sources that are named here; a file that names none runs the built-in ones.

retention_days = 30        # how long raw answers of live sources are kept
reread_minutes = 60        # a night reads anew, after a change of the lexicon, for at most so long
memory_limit = "2GB"       # of the warehouse build; it spills to disk beyond
# contact = "you@example.org"   # sent to the sites we ask, with our agent name
# own = "my_jobmarket"   # a folder beside this file: claims and terms of yours, docs/own_claims.md
# lake = "s3://my-bucket/jobmarket"   # the lake on an object store: docs/object_store.md
# site_url = "https://example.org/jobmarket"   # where the site will stand, for addresses in it
# time_budget_hours = 12   # a run that takes longer is ended and publishes nothing; 0: never

# Tell somebody of a night that needs it, once a night at most, and of no other: docs/scheduling.md
# [notify]
# urls = ["mailtos://me:${MAIL_PASSWORD}@example.org", "${CHAT_WEBHOOK}"]   # ${NAME}: environment
# silent_days = 3            # of a source, before it is told
# on = ["failure", "nothing_published", "silence", "verdicts"]

# The embedded corpus: digests (facts without text) of real postings, 2011 to 2026.
[sources.reference]
enabled = true
# exclude = ["some_dataset"]    # one line leaves a dataset out
"""
_FILES = """
# Files of your own: CSV, JSON Lines or Parquet, also .gz and .zst; one block a collection.
# [[sources.files]]
# name = "my_dump"               # becomes the source's name
# path = "dumps/*.csv"
# licence = "CC-BY-4.0"
# family = "my_board"            # what it is pooled with
# frame = "search_words"         # collected with search words, or all_jobs of its place
# observes = "full_text"         # or snippet, skill_list, titles
# dates = "proxy"                # the day it was collected, or real: the day each was posted
# mapping = { title = "Job Title", employer = "Company", description = "Job Description" }
"""


def config_template() -> str:
    """Return the text of a new config file."""
    return _HEAD + "".join(_live(name) for name in LIVE_SOURCES) + _FILES


def _live(name: str) -> str:
    own = declared(name)
    about = "\n".join(
        f"# {label}: {own[key]}"
        for label, key in (
            ("publisher", "publisher"), ("terms", "terms"), ("licence", "licence"),
            ("attribution", "attribution"), ("documentation", "docs"),
        )
        if key in own
    )  # fmt: skip
    if "key_environment" in own:
        about += f"\n# needs a key in the environment: {own['key_environment'][0]}"
    options = [f"enabled = {str(name in _ON).lower()}"]
    if scopes := own.get("scopes"):
        options.append(_scopes(name, scopes, own.get(scopes, ())))
    options += [
        f"{key} = {_toml(own[key])}"
        for key in ("base_url", "firebase_url", "threads", "max_pages", "rate_per_second")
        if key in own
    ]
    return f"\n# {own['title']}\n{about}\n[sources.{name}]\n" + "\n".join(options) + "\n"


_ON = frozenset({"hn_hiring"})  # what runs without being set up


def _scopes(name: str, key: str, own: Sequence[str]) -> str:
    """Return the boards to start with, or the defaults that the source states itself."""
    boards = starter(name)
    if not boards:
        return f"{key} = {_toml(list(own))}"
    lines = [f'    "{one.board}",  # {one.employer}' for one in boards]
    return "\n".join([f"{key} = [", *lines, "]"])


def _toml(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)  # strings, numbers and lists read the same

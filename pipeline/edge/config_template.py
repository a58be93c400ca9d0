"""The commented jobmarket.toml that `jobmarket init` writes: every source, its terms and defaults.

Layer:   edge. The facts of a source come from its own TOML, so that they stand in one place.
"""

from __future__ import annotations

from pipeline.edge.settings import LIVE_SOURCES, declared

_HEAD = """\
# jobmarket: what a run reads, and how. Every line has its default; delete what you do not change.
# A run takes the sources that are named here; a file that names none runs the built-in ones.

retention_days = 30        # how long raw answers of live sources are kept
memory_limit = "2GB"       # of the warehouse build; it spills to disk beyond
# contact = "you@example.org"   # sent to the sites we ask, with our agent name

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
    options = "\n".join(
        f'{key} = "{own[key]}"' if isinstance(own[key], str) else f"{key} = {own[key]}"
        for key in ("base_url", "firebase_url", "threads", "rate_per_second")
        if key in own
    )
    return f"\n# {own['title']}\n{about}\n[sources.{name}]\nenabled = true\n{options}\n"

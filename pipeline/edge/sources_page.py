"""docs/sources.md: the list of live sources in it, written from their TOML files.

Layer:   edge (disk). `python -m pipeline.edge.sources_page` rewrites what stands between the
         page's two marks; the rest of the page is written by hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pipeline.edge.settings import LIVE_SOURCES, declared
from pipeline.sources.boards import starter

TARGET = Path(__file__).resolve().parents[2] / "docs" / "sources.md"
BEGIN, END = "<!-- written by `make docs` from pipeline/sources/*.toml -->", "<!-- until here -->"
_LISTS = {
    "all": "every open posting: one that two whole listings lack is closed",
    "newest": "the newest: a missing one is closed only if it is newer than the oldest listed",
    "sample": "some: that one is missing says nothing, so nothing is closed",
}


def sources_page(page: str) -> str:
    """Return the page with its list of sources written anew."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n" + "\n".join(_sources()) + f"\n{END}{after}"


def _sources() -> Iterator[str]:
    yield "| source | what | publisher | frame | requests a second | postings a run, about |"
    yield "|---|---|---|---|---|---|"
    for name in LIVE_SOURCES:
        own = declared(name)
        yield (
            f"| [`{name}`](#{name}) | {own['title']} | {own['publisher']} | `{own['frame']}` | "
            f"{own['rate_per_second']:g} | {own['expected_per_run']['typical']:,} |"
        )
    yield ""
    for name in LIVE_SOURCES:
        yield from _source(name, declared(name))


def _source(name: str, own: Mapping[str, Any]) -> Iterator[str]:
    yield f"### {name}\n"
    yield f"{own['title']}, by {own['publisher']}. Documentation: <{own['docs']}>.\n"
    yield f"- Terms: {own['terms']}"
    yield f"- Licence of the data: {own['licence']}."
    yield f"- Attribution: {own['attribution']}."
    yield f"- A listing names {_LISTS[own['lists']]}."
    if own.get("personal_fields"):
        fields = ", ".join(f"`{one}`" for one in own["personal_fields"])
        yield f"- Dropped before anything is stored: {fields}."
    yield f"- To turn it on: {_turn_on(name, own)}\n"


def _turn_on(name: str, own: Mapping[str, Any]) -> str:
    if name == "hn_hiring":
        return "it runs without a config; in a config, `[sources.hn_hiring]`."
    scopes = own.get("scopes")
    words = f"`[sources.{name}]` with `enabled = true`"
    if scopes and scopes in own:
        words += f"; `{scopes}` says what to ask for, and has defaults"
    elif scopes:
        words += f" and `{scopes} = [...]`"
        if boards := starter(name):
            words += f"; `jobmarket init` writes {len(boards)} to start with"
    if "key_environment" in own:
        words += f"; the key comes from `{own['key_environment'][0]}` in the environment"
    return words + "."


if __name__ == "__main__":
    TARGET.write_text(sources_page(TARGET.read_text(encoding="utf-8")), encoding="utf-8")

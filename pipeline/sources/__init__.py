"""The sources: a module with `parse` and a TOML of the same name each; to add one, add the two.

Layer:   sources (pure).
"""

from __future__ import annotations

import tomllib
from importlib import import_module, resources
from typing import Any


def _live() -> tuple[str, ...]:
    """Return the names of the live sources: of each file of ours that describes a source."""
    names = []
    for entry in resources.files("pipeline.sources").iterdir():
        stem, dot, kind = entry.name.partition(".")
        if dot and kind == "toml" and _names_itself(entry, stem):
            names.append(stem)
    return tuple(sorted(names, key=lambda name: (name != "hn_hiring", name)))


def _names_itself(entry: Any, stem: str) -> bool:
    return tomllib.loads(entry.read_text(encoding="utf-8")).get("name") == stem


LIVE = _live()


def load(name: str) -> Any:
    """Return a source's module."""
    return import_module(f"pipeline.sources.{name}")

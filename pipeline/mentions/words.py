"""The word lists of roles, ranks, employers, industries, domains and workplaces, as they are kept.

Layer:   mentions (pure). One TOML file a subject in terms/.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any


@cache
def read_terms(name: str) -> dict[str, Any]:
    """Return one word list of the package, as TOML."""
    source = resources.files("pipeline.mentions") / "terms" / name
    return tomllib.loads(source.read_text(encoding="utf-8"))

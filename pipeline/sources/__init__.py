"""The sources: one pure module and one TOML of the same name each; `load` imports one by name."""

from __future__ import annotations

from importlib import import_module
from typing import Any

LIVE = (
    "hn_hiring", "greenhouse", "lever", "ashby", "smartrecruiters", "workable", "recruitee",
    "personio", "remotive", "remoteok", "arbeitnow", "himalayas", "jobicy", "themuse",
    "weworkremotely", "usajobs", "jobtech_se", "career_pages",
)  # fmt: skip


def load(name: str) -> Any:
    """Return a source's module."""
    return import_module(f"pipeline.sources.{name}")

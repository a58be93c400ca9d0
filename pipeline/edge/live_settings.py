"""What a live source needs before it is asked: keys, boards, patience, and what may be stored.

Layer:   edge (environment, config).
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from pipeline import sources
from pipeline.edge.archive import Archive
from pipeline.edge.cleaning import Policy
from pipeline.edge.fetch import FetchSettings
from pipeline.edge.settings import Settings
from pipeline.postings.privacy import without_personal_data
from pipeline.sources.boards import employer_of

_BACKFILL = 4 * 3600.0  # seconds: fifteen years of threads at the rate we ask them
_OF_EMPLOYERS = frozenset({"boards", "sites", "companies"})  # such a scope's id is an employer's


def archive_of(settings: Settings) -> Archive:
    """Return the archive of raw answers."""
    policies = {
        name: Policy.from_info(one.options, trim=getattr(sources.load(name), "trimmed", None))
        for name, one in settings.live.items()
    }
    return Archive(settings.data / "raw", policies, without_personal_data)


def not_configured(options: Mapping[str, Any]) -> str:
    """Return what a source still needs before it can be asked, "" if it has all."""
    name, scopes = options["name"], options.get("scopes")
    if scopes and not options.get(scopes):
        return (
            f"{name}: names no {scopes} to ask; set {scopes} under [sources.{name}] "
            "(`jobmarket boards` lists some)"
        )
    keys = options.get("key_environment")
    if keys and not _from_environment(keys):
        return f"{name}: needs a key; set {keys[0]} in the environment ({options['docs']})"
    return ""


def _from_environment(names: Sequence[str]) -> str:
    return next((os.environ[name] for name in names if os.environ.get(name)), "")


def headers_of(settings: Settings, name: str) -> dict[str, str]:
    """Return what a source wants to be sent: its key, which is never stored or logged."""
    options, module = settings.live[name].options, sources.load(name)
    if not hasattr(module, "headers"):
        return {}
    contact = _from_environment(options.get("email_environment", ())) or settings.contact
    return module.headers(_from_environment(options["key_environment"]), contact)


def fetch_settings(settings: Settings, name: str, since: date | None = None) -> FetchSettings:
    """Return how patiently a source is asked; a backfill has hours."""
    options = settings.live[name].options
    chosen = {key: options[key] for key in FetchSettings.__dataclass_fields__ if key in options}
    found = FetchSettings(**({"contact": settings.contact} | chosen))
    return replace(found, budget=max(found.budget, _BACKFILL)) if since else found


def employer_named(options: Mapping[str, Any], scope: str) -> str:
    """Return whose board a scope is: as the config says, as we know it, else its own id."""
    named = options.get("employers", {}).get(scope) or employer_of(options["name"], scope)
    return named or (scope if options.get("scopes") in _OF_EMPLOYERS else "")

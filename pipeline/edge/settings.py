"""Settings: the config file and the environment, read once.

Layer:   edge (disk, environment).
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.edge.lake_paths import LakePath, address_of, place
from pipeline.errors import InputError
from pipeline.notice import Wishes, wishes_of
from pipeline.sources import LIVE
from pipeline.sources.files import FileSpec
from pipeline.sources.source import read_info

LIVE_SOURCES = LIVE
_TOP = {
    "sources", "retention_days", "reread_minutes", "memory_limit", "contact", "site_url", "own",
    "lake", "time_budget_hours", "notify",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SourceSettings:
    """One live source: what its TOML declares, with what the config overrides."""

    name: str
    enabled: bool
    options: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a run may depend on besides its input."""

    data: Path
    config: Path | None = None
    files: tuple[FileSpec, ...] = ()
    live: dict[str, SourceSettings] = field(default_factory=dict)
    reference_enabled: bool = True
    reference_folder: Path | None = None
    reference_exclude: tuple[str, ...] = ()
    retention_days: int = 30
    reread_minutes: float = 60.0
    memory_limit: str = "2GB"
    contact: str = ""
    site_url: str = ""  # without a slash at its end
    own: Path | None = None  # the folder of the user's own terms and claims
    time_budget_hours: float = 12.0  # a run that takes longer is ended; 0: never
    notify: Wishes = field(default_factory=Wishes)
    lake_at: str = ""  # an address on an object store; "" where the lake lies in the data folder

    @property
    def warehouse(self) -> Path:
        """The published DuckDB file."""
        return self.data / "jobmarket.duckdb"

    @property
    def lake(self) -> LakePath:
        """The folder of the lake."""
        return place(self.lake_at) if self.lake_at else self.data / "lake"

    @property
    def lake_copies(self) -> Path:
        """The folder of what a build reads of a lake on an object store."""
        return self.data / "lake_copies"

    @property
    def site(self) -> Path:
        """The folder of the built site."""
        return self.data / "site"

    def source_names(self) -> list[str]:
        """Return every source of the config by name, in the order a run takes them."""
        live = [name for name, one in self.live.items() if one.enabled]
        reference = ["reference"] if self.reference_enabled else []
        return list(dict.fromkeys([*reference, *(spec.name for spec in self.files), *live]))

    def demand_known(self, names: Sequence[str]) -> None:
        """Raise InputError for a name that is no source a run could take."""
        live = [name for name, one in self.live.items() if one.enabled]
        known = list(dict.fromkeys(["reference", *(spec.name for spec in self.files), *live]))
        for name in names:
            if name not in known:
                raise InputError(
                    f"unknown source {name!r}; known are {', '.join(known)} (`jobmarket sources`)"
                )


def declared(name: str) -> dict[str, Any]:
    """Return what a source's own TOML says of it (publisher, terms, licence, rate ...)."""
    return dict(read_info(name))


def read_settings(data: str | Path = "data", config: str | Path | None = None) -> Settings:
    """Return the settings; raises InputError naming the file and the key of what is wrong."""
    path = Path(config) if config else Path("jobmarket.toml")
    if not path.exists():
        if config:
            raise InputError(f"{path}: no such config file; `jobmarket init` writes one")
        return _settings(Path(data), None, {})
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as broken:
        raise InputError(f"{path}: not readable as TOML: {broken}") from None
    return _settings(Path(data), path, values)


def _settings(data: Path, path: Path | None, values: dict[str, Any]) -> Settings:
    where = str(path or "built-in defaults")
    for key in values.keys() - _TOP:
        raise InputError(f"{where}: unknown key {key!r}; expected one of {', '.join(sorted(_TOP))}")
    sources = dict(_typed(where, "sources", values.get("sources", {}), {}))
    entries = _typed(where, "sources.files", sources.pop("files", []), [{}])
    specs = tuple(_file_spec(where, path, entry) for entry in entries)
    names = [spec.name for spec in specs]
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"{where}: two [[sources.files]] are named {name!r}; names are keys")
    # a config that names sources names all it wants; without one, what needs no setting up runs
    unnamed = {"enabled": not values.get("sources")}
    reference = _typed(where, "sources.reference", sources.pop("reference", unnamed), {})
    for key, like in {"enabled": True, "folder": "", "exclude": [""]}.items():
        _typed(where, f"sources.reference.{key}", reference.get(key, like), like)
    live = {}
    for name in LIVE_SOURCES:
        unset = unnamed if name == "hn_hiring" else {"enabled": False}
        ours = _typed(where, f"sources.{name}", sources.pop(name, unset), {})
        options = _source_options(where, name, ours)
        live[name] = SourceSettings(name, bool(options.get("enabled", True)), options)
    for name in sources:
        raise InputError(
            f"{where}: unknown source [sources.{name}]; known are reference, files, "
            f"{', '.join(LIVE_SOURCES)}"
        )
    folder = reference.get("folder") or os.environ.get("JOBMARKET_REFERENCE")
    return Settings(
        data=data,
        config=path,
        files=specs,
        live=live,
        reference_enabled=bool(reference.get("enabled", True)),
        reference_folder=Path(folder) if folder else None,
        reference_exclude=tuple(reference.get("exclude", ())),
        retention_days=_not_negative(where, "retention_days", values, 30),
        reread_minutes=_not_negative(where, "reread_minutes", values, 60.0),
        memory_limit=_typed(where, "memory_limit", values.get("memory_limit", "2GB"), ""),
        contact=_typed(
            where, "contact", values.get("contact", os.environ.get("JOBMARKET_CONTACT", "")), ""
        ),
        site_url=_site_url(where, values.get("site_url", "")),
        own=_beside(path, _typed(where, "own", values.get("own", ""), "")),
        time_budget_hours=_hours(where, values.get("time_budget_hours", 12.0)),
        notify=_wishes(where, values.get("notify", {})),
        lake_at=_lake_at(where, values.get("lake", "")),
    )


def _hours(where: str, value: Any) -> float:
    hours = float(_typed(where, "time_budget_hours", value, 1.0))
    if not 0 <= hours <= 24 * 365:
        raise InputError(f"{where}: time_budget_hours = {value!r}; expected hours, or 0 for none")
    return hours


def _wishes(where: str, value: Any) -> Wishes:
    try:
        return wishes_of(_typed(where, "notify", value, {}))
    except ValueError as wrong:
        raise InputError(f"{where}: [notify] {wrong}") from None


def _beside(config: Path | None, folder: str) -> Path | None:
    """Return a folder that the config names from where it stands itself."""
    return config.parent / folder if config and folder else None


def _lake_at(where: str, value: Any) -> str:
    """Return the address of a lake on an object store, "" for one on disk; raises InputError."""
    address = _typed(where, "lake", value, "")
    return str(address_of(f"{where}: lake", address)) if address else ""


def _site_url(where: str, value: Any) -> str:
    """Return where the site will stand, without a slash at the end; raises InputError."""
    address = _typed(where, "site_url", value, "")
    if address and not re.fullmatch(r"https?://[^\s?#\"<>]+", address):
        raise InputError(
            f"{where}: site_url = {address!r}; expected an address such as "
            "https://example.org/jobmarket"
        )
    return address.rstrip("/")


# What may be set for any live source besides what its TOML states.
_ANY_SOURCE: dict[str, Any] = {
    "enabled": True,
    "employers": {},
    "max_pages": 1,
    "connect_timeout": 1.0,
    "read_timeout": 1.0,
    "body_timeout": 1.0,
    "max_bytes": 1,
    "max_wait": 1.0,
    "tries": 1,
    "backoff": 1.0,
    "jitter": 1.0,
    "max_redirects": 1,
    "budget": 1.0,
    "private_hosts": [""],
}


def _source_options(where: str, name: str, ours: dict[str, Any]) -> dict[str, Any]:
    """Return a source's options: its TOML's, with what the config sets; raises InputError."""
    own = declared(name)
    likes = _ANY_SOURCE | own | ({own["scopes"]: [""]} if own.get("scopes") else {})
    for key, value in ours.items():
        if key not in likes:
            named = [own["scopes"]] if own.get("scopes") else []
            known = ", ".join(["enabled", *named, "base_url", "rate_per_second", *_ANY_SOURCE])
            raise InputError(
                f"{where}: [sources.{name}] has an unknown key {key!r}; expected one of {known}"
            )
        _typed(where, f"sources.{name}.{key}", value, likes[key] or [""])
    return own | ours


def _typed(where: str, key: str, value: Any, like: Any) -> Any:
    """Return a value that is of its example's type ([x]: a list of such); else raise InputError."""
    same = type(value) is type(like) or (type(value) is int and type(like) is float)
    if not same or (
        isinstance(like, list) and any(type(one) is not type(like[0]) for one in value)
    ):
        kind = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}
        kinds = kind | {list: "a list", dict: "a table"}
        raise InputError(f"{where}: {key} = {value!r}; expected {kinds[type(like)]}")
    return value


def _not_negative(where: str, key: str, values: dict[str, Any], default: Any) -> Any:
    """Return a number of the config that is 0 or more; raises InputError."""
    value = _typed(where, key, values.get(key, default), default)
    if value < 0:
        raise InputError(f"{where}: {key} = {value!r}; expected 0 or more")
    return value


def _file_spec(where: str, path: Path | None, entry: dict[str, Any]) -> FileSpec:
    if "name" not in entry or "path" not in entry:
        raise InputError(f"{where}: a [[sources.files]] needs name and path, saw {sorted(entry)}")
    if not re.fullmatch(r"\w[\w-]*", str(entry["name"])) or entry["name"] == "reference":
        raise InputError(
            f"{where}: [[sources.files]] name = {entry['name']!r}; expected letters, "
            "digits, _ and -, and not 'reference'"
        )
    known = {"name", "path", "licence", "family", "frame", "observes", "dates", "mapping"}
    for key in entry.keys() - known:
        raise InputError(
            f"{where}: [[sources.files]] {entry['name']}: unknown key {key!r}; "
            f"expected one of {', '.join(sorted(known))}"
        )
    for key, value in entry.items():
        _typed(
            where,
            f"[[sources.files]] {entry['name']}: {key}",
            value,
            {} if key == "mapping" else "",
        )
    for ours, theirs in entry.get("mapping", {}).items():
        _typed(where, f"[[sources.files]] {entry['name']}: mapping.{ours}", theirs, "")
    return FileSpec(**entry)

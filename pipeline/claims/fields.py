"""One TOML table of a rule, read key by key: a wrong or unknown key is named, with its file.

Layer:   claims (pure).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import NoReturn

from pipeline.errors import InputError


class Fields:
    """One TOML table, read key by key; a key that nobody asked for is a mistake in the rule."""

    def __init__(self, file: str, path: str, content: dict[str, object]):
        self.file, self.path, self.left = file, path, dict(content)

    def refuse(self, key: str, expected: str, seen: object) -> NoReturn:
        field = f"{self.path}.{key}" if self.path else key
        raise InputError(f"{self.file}: {field}: expected {expected}, saw {seen!r}; correct it")

    def take(self, key: str, kinds: tuple[type, ...], expected: str, default: object) -> object:
        value = self.left.pop(key, default)
        if value is None:
            self.refuse(key, expected, "nothing")
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            self.refuse(key, expected, value)
        return value

    def text(self, key: str, default: str | None = None) -> str:
        value = str(self.take(key, (str,), "some text", default))
        if not value.strip() and default is None:
            self.refuse(key, "some text", value)
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, by default an empty one."""
        value = self.take(key, (list,), "a list of texts", [])
        if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
            self.refuse(key, "a list of texts", value)
        return tuple(value)

    def flag(self, key: str, default: bool) -> bool:
        return bool(self.take(key, (bool,), "true or false", default))

    def number(self, key: str, low: float, high: float, default: float | None = None) -> float:
        expected = f"a number from {low:g} to {high:g}"
        value = float(str(self.take(key, (int, float), expected, default)))
        if not low <= value <= high:
            self.refuse(key, expected, value)
        return value

    def day(self, key: str) -> date:
        value = self.take(key, (date,), "a day like 2026-11-21", None)
        if not isinstance(value, date) or isinstance(value, datetime):
            self.refuse(key, "a day like 2026-11-21, without a time", value)
        return value  # type: ignore[return-value]

    def choice(self, key: str, allowed: tuple[str, ...], default: str | None = None) -> str:
        expected = "one of " + ", ".join(allowed)
        value = str(self.take(key, (str,), expected, default))
        if value not in allowed:
            self.refuse(key, expected, value)
        return value

    def choices(
        self, key: str, allowed: tuple[str, ...], default: tuple[str, ...]
    ) -> tuple[str, ...]:
        expected = "a list of some of " + ", ".join(allowed)
        value = self.take(key, (list,), expected, list(default))
        if not isinstance(value, list) or not value or not set(map(str, value)) <= set(allowed):
            self.refuse(key, expected, value)
        return tuple(name for name in allowed if name in value)  # type: ignore[operator]

    def inner(self, key: str, *, required: bool) -> Fields:
        value = self.take(key, (dict,), "a table", None if required else {})
        return Fields(self.file, key, value)  # type: ignore[arg-type]

    def inners(self, key: str) -> list[Fields]:
        value = self.take(key, (list,), "a list of tables", None)
        if not isinstance(value, list) or not value:
            self.refuse(key, "at least one table", value)
        return [Fields(self.file, f"{key}[{at}]", entry) for at, entry in enumerate(value)]  # type: ignore[arg-type,var-annotated]

    def finish(self) -> None:
        if self.left:
            key = sorted(self.left)[0]
            self.refuse(key, "no such field", self.left[key])

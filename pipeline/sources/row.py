"""One record of an answer, read field by field, so that nothing of it goes unnoticed.

Layer:   sources (pure).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any


class Unreadable(Exception):
    """One record cannot be read; its message is the reason."""


_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")


class Row:
    """One record of an answer, read field by field; a field that nobody asked for is drift."""

    def __init__(self, values: object, known: Iterable[str] = ()):
        """Take a JSON object and the fields that are out of scope; raise Unreadable for others."""
        if not isinstance(values, Mapping):
            raise Unreadable(f"expected an object, saw {type(values).__name__}")
        self.values: Mapping[str, Any] = values
        self._known = set(known)

    @property
    def drift(self) -> set[str]:
        """Return the fields that nobody decided about."""
        return set(self.values) - self._known

    def get(self, name: str) -> Any:
        """Return a value as it came, None where it is absent."""
        self._known.add(name)
        return self.values.get(name)

    def need(self, name: str) -> Any:
        """Return a value that must be there and not be empty; raise Unreadable."""
        value = self.get(name)
        if value is None or (isinstance(value, str) and not value.strip()):
            raise Unreadable(
                f"expected {name}, saw " + ("none" if name not in self.values else f"{value!r}")
            )
        return value

    def text(self, name: str) -> str:
        """Return a text, "" where it is absent or null; raise Unreadable for another type."""
        value = self.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise Unreadable(f"expected {name} as text, saw {type(value).__name__}")
        return value.strip()

    def texts(self, name: str) -> list[str]:
        """Return a list of texts; a single text is a list of one, what is empty is left out."""
        value = self.get(name)
        if value is None:
            return []
        found = [value] if isinstance(value, str) else value
        if not isinstance(found, list) or any(not isinstance(one, str | None) for one in found):
            raise Unreadable(f"expected {name} as a list of texts, saw {str(value)[:60]!r}")
        return [one.strip() for one in found if one and one.strip()]

    def row(self, name: str) -> Row:
        """Return an object inside this one, an empty one where it is absent or null."""
        value = self.get(name)
        return Row({} if value is None else value)

    def rows(self, name: str) -> list[Row]:
        """Return the objects of a list inside this one, none where it is absent or null."""
        value = self.get(name)
        if value is not None and not isinstance(value, list):
            raise Unreadable(f"expected {name} as a list, saw {type(value).__name__}")
        return [Row(one) for one in value or ()]

    def number(self, name: str) -> float | None:
        """Return a positive number, written as one or as text; None where it says nothing."""
        value = self.get(name)
        if value is None or isinstance(value, bool) or value == "":
            return None
        if isinstance(value, str) and _GROUPED.fullmatch(value.strip()):  # 66,189
            value = value.replace(",", "")
        try:
            found = float(value)
        except (TypeError, ValueError):
            raise Unreadable(f"expected {name} as a number, saw {str(value)[:30]!r}") from None
        return found if found > 0 else None

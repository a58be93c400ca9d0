"""What of a source's JSON answer may be kept: fields dropped, texts cleaned, items taken out.

Layer:   edge (of what the archive may write; touches no disk itself).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

GONE = object()  # what is left of a value that was itself the unwanted item


def _as_is(answer: Any) -> Any:
    return answer


@dataclass(frozen=True, slots=True)
class Policy:
    """What of a source's answers may be kept.

    drop_fields: keys removed wherever they stand (personal ones, and timings that only differ)
    text_fields: keys whose text loses e-mail addresses and phone numbers
    id_fields:   keys by which an object names the item it is, or answers to
    trim:        the source's own last cut at a parsed JSON answer
    """

    drop_fields: frozenset[str] = frozenset()
    text_fields: frozenset[str] = frozenset()
    id_fields: tuple[str, ...] = ("id",)
    is_json: bool = True
    trim: Callable[[Any], Any] = field(default=_as_is)

    @classmethod
    def from_info(cls, info: Mapping[str, Any], trim: Callable[[Any], Any] | None = None) -> Policy:
        """Return the policy that a source's TOML states."""
        dropped = (*info.get("personal_fields", ()), *info.get("volatile_fields", ()))
        return cls(
            drop_fields=frozenset(dropped),
            text_fields=frozenset(info.get("text_fields", ())),
            id_fields=tuple(info.get("id_fields", ("id",))),
            is_json=info.get("format", "json") == "json",
            trim=trim or _as_is,
        )


def cleaned(value: Any, policy: Policy, clean_text: Callable[[str], str]) -> Any:
    """Return a parsed answer without dropped fields, its texts without personal data."""
    if isinstance(value, list):
        return [cleaned(one, policy, clean_text) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        name: clean_text(inner)
        if name in policy.text_fields and isinstance(inner, str)
        else cleaned(inner, policy, clean_text)
        for name, inner in value.items()
        if name not in policy.drop_fields
    }


def without_items(value: Any, id_fields: tuple[str, ...], unwanted: frozenset[str]) -> Any:
    """Return the value without objects, and bare ids in lists, that name an unwanted item."""
    if not unwanted:
        return value
    if isinstance(value, list):
        inner = (without_items(one, id_fields, unwanted) for one in value)
        return [
            one
            for one in inner
            if one is not GONE and not (isinstance(one, str | int) and str(one) in unwanted)
        ]
    if not isinstance(value, dict):
        return value
    if any(str(value[name]) in unwanted for name in id_fields if name in value):
        return GONE
    inner_of = {name: without_items(one, id_fields, unwanted) for name, one in value.items()}
    return {name: one for name, one in inner_of.items() if one is not GONE}


def dumped(value: Any) -> str:
    """Return a value as compact JSON that is always legal UTF-8."""
    # A lone surrogate ("\ud83d" without its other half) is legal JSON and no legal UTF-8.
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "replace").decode("utf-8")

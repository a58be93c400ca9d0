"""What of a source's answer may be kept: fields dropped, texts cleaned, items taken out.

Layer:   edge (of what the archive may write; touches no disk itself).
Quirk:   to a cleaner of texts an id of eleven digits is a mobile number, and a number without
         quotes in JSON-LD becomes a note without quotes, which no JSON parser reads (2026-07).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pipeline.postings.privacy import EMAIL_REMOVED, PHONE_REMOVED

GONE = object()  # what is left of a value that was itself the unwanted item
_NOTES = "|".join(re.escape(note) for note in (EMAIL_REMOVED, PHONE_REMOVED))
_BARE_NOTE = re.compile(
    rf"(?<=[:\[,])(\s*)({_NOTES})(?=\s*[,}}\]])"
)  # "telephone": [phone removed],


def _as_is(answer: Any) -> Any:
    return answer


@dataclass(frozen=True, slots=True)
class Policy:
    """What of a source's answers may be kept.

    drop_fields: keys removed wherever they stand (personal ones, and timings that only differ)
    text_fields: keys whose text loses e-mail addresses and phone numbers
    id_fields:   keys by which an object names the item it is, or answers to
    is_json:     the answers are JSON; any other text is cleaned as a whole
    is_page:     the answers are pages of sites, which may reserve their use in a file of their own
    trim:        the source's own last cut: at a parsed JSON answer, or at any other text
    """

    drop_fields: frozenset[str] = frozenset()
    text_fields: frozenset[str] = frozenset()
    id_fields: tuple[str, ...] = ("id",)
    is_json: bool = True
    is_page: bool = False
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
            is_page=info.get("format", "json") == "html",
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


def cleaned_text(text: str, policy: Policy, clean_text: Callable[[str], str]) -> str:
    """Return a text that is not JSON without personal data, its ids and its markup unharmed."""
    text = _without_fields(text, _any_of(policy.drop_fields))
    pieces: list[str] = []
    end = 0
    if ids := _any_of(policy.id_fields):
        # "identifier": 13800000000   <id>13800000000</id>
        for kept in re.finditer(rf'"{ids}"\s*:\s*"?[\w.-]+"?|<{ids}\b[^>]*>[^<@]*</', text):
            pieces += clean_text(text[end : kept.start()]), kept.group()
            end = kept.end()
    return _BARE_NOTE.sub(r'\1"\2"', "".join([*pieces, clean_text(text[end:])]))


def _without_fields(text: str, names: str) -> str:
    """Return a text without the fields' words in JSON, and without the elements of XML."""
    if not names:
        return text
    text = re.sub(rf'("{names}"\s*:\s*)"(?:[^"\\]|\\.)*"', r'\1""', text)
    element = rf"<(?P<name>{names})(?:\s[^>]*)?(?<!/)>.{{0,20000}}?</(?P=name)>"
    return re.sub(element, "", text, flags=re.DOTALL)


def _any_of(names: Iterable[str]) -> str:
    joined = "|".join(re.escape(name) for name in sorted(names))
    return f"(?:{joined})" if joined else ""


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

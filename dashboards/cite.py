"""How to cite a number of this site: words to copy, and what pins the data behind them.

Layer:   dashboards (pure).
"""

from __future__ import annotations

import re
from typing import Any

from dashboards.site_data import SiteData, rows

TITLE = "jobmarket: what job postings say of PyTorch, TensorFlow and Keras"
AUTHOR = "The jobmarket contributors"


def page_values(data: SiteData) -> dict[str, Any]:
    """Return what the template of the page shows."""
    runs = [row for row in rows(data.runs) if row.get("run_id") == data.run_id]
    extractor = str(runs[0].get("extractor_version") or "") if runs else ""
    claims = [str(row["claim_id"]) for row in rows(data.claims)]
    return {
        "plain": plain(data),
        "bibtex": bibtex(data),
        "extractor": extractor,
        "example": "tf-most-demanded" if "tf-most-demanded" in claims else (claims or [""])[0],
        "address": data.site_url,
    }


def plain(data: SiteData) -> str:
    """Return the citation as a sentence."""
    year = f" ({data.as_of[:4]})" if data.as_of else ""
    where = f" {data.site_url}" if data.site_url else ""
    return f"{AUTHOR}{year}. {TITLE}. {_pinned(data)}.{where}"


def bibtex(data: SiteData) -> str:
    """Return the citation as a BibTeX entry."""
    key = re.sub(r"[^0-9]+", "_", data.as_of).strip("_") or "undated"
    fields = {
        "title": f"{{jobmarket}}: {TITLE.partition(': ')[2]}".replace("PyTorch", "{PyTorch}")
        .replace("TensorFlow", "{TensorFlow}")
        .replace("Keras", "{Keras}"),
        "author": f"{{{AUTHOR}}}",
        "year": data.as_of[:4],
        "version": data.version,
        "note": _pinned(data),
        "url": data.site_url,
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return f"@misc{{jobmarket_{key},\n" + ",\n".join(lines) + "\n}"


def _pinned(data: SiteData) -> str:
    parts = [
        f"version {data.version}" if data.version else "",
        f"data as of {data.as_of}" if data.as_of else "",
        f"run {data.run_id}" if data.run_id else "",
    ]
    said = ", ".join(part for part in parts if part)
    return said[:1].upper() + said[1:]

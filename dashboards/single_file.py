"""The whole site in one HTML file: to send by mail, to keep beside a paper, to open anywhere.

Layer:   dashboards (pure). The same files give the same bytes.

The file holds every other one as text. Its script writes the page that the address asks for
(`?claims/pt-rising.html`; the part after # stays the page's own) and hands it its style, scripts
and downloads as addresses within the browser; nothing is fetched.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import resources

FIRST = "index.html"


def single_file(files: Mapping[str, str | bytes]) -> str:
    """Return one HTML file that holds a site's files, given by their paths in the site."""
    texts = {
        path: content if isinstance(content, str) else content.decode()
        for path, content in sorted(files.items())
    }
    # within a script only "</" and "<!--" mean anything to HTML; in JSON "<" may be written so
    held = json.dumps(texts, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    script = resources.files("dashboards").joinpath("assets/single.js").read_text(encoding="utf-8")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<title>jobmarket</title>\n</head>\n<body>\n"
        "<noscript><p>This file holds the whole site and needs JavaScript to turn its pages; "
        "the folder <code>site</code> holds the same pages and does not.</p></noscript>\n"
        f'<script type="application/json" id="files">{held}</script>\n'
        f"<script>\n{script}</script>\n</body>\n</html>\n"
    )

"""How heavy the site is: bytes a page, seconds to build, seconds until a reader can use it.

Layer:   edge (clock, disk, processes, loopback). Nothing in the data folder is touched.
"""

from __future__ import annotations

import http.server
import shutil
import statistics
import subprocess
import tempfile
import threading
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from pipeline.edge import site_files
from pipeline.edge.bench_nightly import run_on_ads
from pipeline.edge.settings import Settings

_INVENTED = 600  # ads of the site that is built where nothing is published
_LOADS = 3  # the median counts
_PATIENCE = 60  # seconds a browser has to start and load the page so often
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
)  # fmt: skip
# Once the page's own scripts have run: type into the filter if there is one, wait until the
# answer is painted (the second frame after it), and tell how long all that took.
_PROBE = b"""<script>
addEventListener("DOMContentLoaded", () => {
  const field = document.querySelector("#filter input:not([type=radio])");
  if (field) {
    field.value = "framework";
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  requestAnimationFrame(() => requestAnimationFrame(async () => {
    const answer = await fetch("/interactive?ms=" + performance.now());
    if (await answer.text() === "again") location.assign("/index.html?" + Math.random());
  }));
});
</script></body>"""


def site(settings: Settings) -> dict[str, Any]:
    """Return bytes by page, and seconds; the first interaction is null without a Chromium.

    The site is that of the published warehouse, or of some invented ads if there is none.
    """
    import dashboards.pages  # noqa: F401  (loading plotly is no part of building)

    with tempfile.TemporaryDirectory(prefix="jobmarket-bench-") as folder:
        if settings.warehouse.exists():
            warehouse = settings.warehouse
        else:
            warehouse = run_on_ads(Path(folder) / "invented", _INVENTED).warehouse
        target = replace(settings, data=Path(folder) / "built")
        target.data.mkdir()
        started = time.perf_counter()
        built = site_files.write_site(warehouse, target)
        seconds = time.perf_counter() - started
        files = {
            str(path.relative_to(built)): path.stat().st_size
            for path in sorted(built.rglob("*"))
            if path.is_file()
        }
        return {
            "bytes_per_page": {
                name: size for name, size in files.items() if name.endswith(".html")
            },
            "bytes_in_all": sum(files.values()),
            "seconds_build": round(seconds, 3),
            "seconds_first_interaction": _first_interaction(built, Path(folder) / "profile"),
        }


def _first_interaction(built: Path, profile: Path) -> float | None:
    """Return the seconds from asking for index.html until its filter has answered."""
    browser = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if browser is None:
        return None
    told: list[float] = []
    enough = threading.Event()
    handler = partial(_Probed, str(built), told, enough)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/index.html"
        process = subprocess.Popen(
            # a page is dumped and the browser gone once it has loaded, unless it is being driven
            [browser, *_FLAGS, "--remote-debugging-port=0", f"--user-data-dir={profile}", address],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            enough.wait(_PATIENCE)
        finally:
            process.terminate()
            process.wait()
            server.shutdown()
    shutil.rmtree(profile, ignore_errors=True)  # its last helpers may still be writing there
    return round(statistics.median(told), 3) if enough.is_set() else None


class _Probed(http.server.SimpleHTTPRequestHandler):
    """Serve the site from disk, with the probe in its index page, and note what that tells."""

    def __init__(self, folder: str, told: list[float], enough: threading.Event, *rest: Any):
        self.folder, self.told, self.enough = folder, told, enough
        super().__init__(*rest, directory=folder)

    def do_GET(self) -> None:
        """Answer one request; the probe is told whether to load the page again."""
        address = urlsplit(self.path)
        if address.path == "/interactive":
            self.told.append(float(parse_qs(address.query)["ms"][0]) / 1_000)
            self._answer(b"again" if len(self.told) < _LOADS else b"enough", "text/plain")
            if len(self.told) >= _LOADS:
                self.enough.set()
        elif address.path == "/index.html":
            page = (Path(self.folder) / "index.html").read_bytes()
            self._answer(page.replace(b"</body>", _PROBE), "text/html; charset=utf-8")
        else:
            super().do_GET()

    def _answer(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: Any) -> None:
        """Keep quiet: results alone are printed."""

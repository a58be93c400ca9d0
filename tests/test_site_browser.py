"""The site in a real browser, from disk: no error, no request elsewhere, charts, filter, choices.

Skips with a reason where no Chromium is installed. The browser is driven over the DevTools
protocol on loopback.
"""

from __future__ import annotations

import functools
import http.server
import json
import shutil
import subprocess
import threading
import time
import urllib.request

import pytest
import site_sample as sample

from dashboards.pages import build_site

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))),
    None,
)
if CHROMIUM is None:
    pytest.skip("no chromium binary found; install one to run these", allow_module_level=True)
client = pytest.importorskip("websockets.sync.client", reason="websockets is not installed")

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--no-first-run",
    "--remote-debugging-port=0",
]
TROUBLE = {"Runtime.exceptionThrown", "Network.loadingFailed", "Log.entryAdded"}
PAGES = [
    "index.html",
    "claims/tf-most-demanded.html",
    "claims/keras-secondary.html",
    "claims/nt-speed.html",
    "demand.html",
    "health.html",
    "methods.html",
    "about.html",
]


class Browser:
    """One tab: what it asked for, what went wrong, and what a page answers."""

    def __init__(self, address: str):
        self.socket = client.connect(address, max_size=None)
        self.number = 0
        self.requested: list[str] = []
        self.trouble: list[str] = []
        self.loaded = False
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters):
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.socket.recv(timeout=30))
            if message.get("id") == self.number:
                assert "error" not in message, message
                return message["result"]
            self._note(message)

    def _note(self, message: dict) -> None:
        name, found = message.get("method"), message.get("params", {})
        self.loaded = self.loaded or name == "Page.loadEventFired"
        if name == "Network.requestWillBeSent":
            self.requested.append(found["request"]["url"])
        said = found.get("type") in ("error", "warning", "assert")
        if name in TROUBLE or (name == "Runtime.consoleAPICalled" and said):
            self.trouble.append(json.dumps(message))

    def open(self, url: str, width: int = 1000, scheme: str = "light") -> None:
        """Open a page anew and wait until it is there and its charts are drawn."""
        self.call("Page.navigate", url="about:blank")
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
        self.call("Emulation.setDeviceMetricsOverride", **size)
        scheme_feature = {"name": "prefers-color-scheme", "value": scheme}
        self.call("Emulation.setEmulatedMedia", features=[scheme_feature])
        self.requested, self.trouble, self.loaded = [], [], False
        self.call("Page.navigate", url=url)
        self.wait("document.readyState === 'complete' && location.href !== 'about:blank'")
        self.run("document.querySelectorAll('.plot').forEach((plot) => plot.scrollIntoView())")
        self.wait(
            "(() => { const left = [...document.querySelectorAll('.plot')]"
            ".find((plot) => !plot.querySelector('.main-svg'));"
            "if (left) left.scrollIntoView(); return !left; })()"
        )

    def run(self, script: str):
        """Return what a script gives."""
        answer = self.call(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def wait(self, script: str, seconds: float = 15) -> None:
        """Wait until a script gives something true."""
        end = time.monotonic() + seconds
        while not self.run(script):
            assert time.monotonic() < end, f"waited in vain for {script}"
            time.sleep(0.05)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A site written to disk."""
    root = tmp_path_factory.mktemp("site")
    for path, content in build_site(sample.site_data()).items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    profile = tmp_path_factory.mktemp("profile")
    process = subprocess.Popen(
        [CHROMIUM, *FLAGS, f"--user-data-dir={profile}", "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        told = profile / "DevToolsActivePort"
        end = time.monotonic() + 30
        while not (told.exists() and len(told.read_text().split()) > 1):
            assert process.poll() is None and time.monotonic() < end, "chromium did not start"
            time.sleep(0.05)
        port = told.read_text().split()[0]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json") as answer:
            tab = next(one for one in json.load(answer) if one["type"] == "page")
        one = Browser(tab["webSocketDebuggerUrl"])
        yield one
        one.socket.close()
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_from_disk_without_error_or_request_elsewhere(browser, folder, page):
    browser.open(f"file://{folder}/{page}")
    assert browser.trouble == []
    assert browser.requested
    assert [url for url in browser.requested if not url.startswith(f"file://{folder}/")] == []


@pytest.mark.parametrize("page", PAGES)
def test_a_page_fits_a_phone_in_dark_without_scrolling_sideways(browser, folder, page):
    browser.open(f"file://{folder}/{page}", width=390, scheme="dark")
    assert browser.trouble == []
    assert browser.run("document.documentElement.scrollWidth") <= 390


def test_a_page_opens_from_a_web_server_too(browser, folder):
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    handler = functools.partial(Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        address = f"http://127.0.0.1:{server.server_address[1]}"
        browser.open(f"{address}/claims/tf-most-demanded.html")
        assert browser.trouble == []
        assert all(url.startswith(address) for url in browser.requested)
    finally:
        server.shutdown()
        server.server_close()


def test_every_drawn_chart_has_a_table_with_numbers(browser, folder):
    browser.open(f"file://{folder}/claims/tf-most-demanded.html")
    counts = browser.run(
        "[...document.querySelectorAll('figure.chart')].map((figure) => "
        "[figure.querySelectorAll('.main-svg').length > 0, figure.querySelectorAll('td').length])"
    )
    assert len(counts) == 3
    assert all(is_drawn and n_cells > 0 for is_drawn, n_cells in counts)


def test_the_filter_shows_one_verdict_or_what_the_words_match(browser, folder):
    browser.open(f"file://{folder}/index.html")
    lines = "[...document.querySelectorAll('#claims tr[data-verdict]')]"
    shown = f"{lines}.filter((line) => line.offsetParent).length"
    assert browser.run(shown) == 3
    browser.run("document.querySelector('input[value=contradicted]').click()")
    assert browser.run(shown) == 1
    assert browser.run("location.hash") == "#verdict=contradicted"
    browser.run("document.querySelector('#filter input[name=verdict][value=\"\"]').click()")
    browser.run(
        "(() => { const q = document.querySelector('[name=q]'); q.value = 'keras SECOND';"
        "q.dispatchEvent(new Event('input', { bubbles: true })); })()"
    )
    assert browser.run(shown) == 1
    browser.open(f"file://{folder}/index.html#verdict=not_testable")
    assert browser.run(shown) == 1


def test_charts_follow_the_colour_scheme(browser, folder):
    tone = "document.querySelector('.plot .annotation-text').style.fill"
    found = []
    for scheme in ("light", "dark"):
        browser.open(f"file://{folder}/claims/tf-most-demanded.html", scheme=scheme)
        found.append(browser.run(tone))
    assert found == ["rgb(93, 88, 78)", "rgb(176, 171, 160)"]


def test_everything_that_can_be_operated_can_be_reached_by_keyboard(browser, folder):
    browser.open(f"file://{folder}/claims/tf-most-demanded.html")
    assert (
        browser.run(
            "[...document.querySelectorAll('a, button, input, select, summary')]"
            ".filter((one) => !one.hidden && one.tabIndex < 0).length"
        )
        == 0
    )
    for _ in range(2):
        for kind in ("keyDown", "keyUp"):
            browser.call("Input.dispatchKeyEvent", type=kind, key="Tab", windowsVirtualKeyCode=9)
    assert browser.run("getComputedStyle(document.activeElement).outlineStyle") == "solid"

"""A real browser for tests: one Chromium tab, driven over the DevTools protocol on loopback.

Whoever imports this is skipped, with the reason, where no Chromium is installed.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

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
# what a key sends: its name, its code, its number, and the text it types if it types any
KEYS = {
    "Tab": ("Tab", 9, ""),
    "Enter": ("Enter", 13, "\r"),
    " ": ("Space", 32, " "),
    "ArrowRight": ("ArrowRight", 39, ""),
    "ArrowDown": ("ArrowDown", 40, ""),
}
SHIFT = 8  # the protocol's bit for it


class LeftPage(Exception):
    """The page was left while it was asked something."""


class Browser:
    """One tab: what it asked for, what went wrong, and what a page answers."""

    def __init__(self, address: str):
        self.socket = client.connect(address, max_size=None)
        self.number = 0
        self.requested: list[str] = []
        self.trouble: list[str] = []
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters):
        """Return what a command of the protocol answers."""
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.socket.recv(timeout=30))
            if message.get("id") == self.number:
                said = message.get("error", {}).get("message", "")
                if "navigated" in said or "context" in said:
                    raise LeftPage(said)
                assert "error" not in message, message
                return message["result"]
            self._note(message)

    def _note(self, message: dict) -> None:
        name, found = message.get("method"), message.get("params", {})
        if name == "Network.requestWillBeSent":
            self.requested.append(found["request"]["url"])
        said = found.get("type") in ("error", "warning", "assert")
        if name in TROUBLE or (name == "Runtime.consoleAPICalled" and said):
            self.trouble.append(json.dumps(message))

    def look(self, media: str = "", **features: str) -> None:
        """Set the medium, and the preferences of a reader by name; the others are the system's."""
        preferred = [
            {"name": f"prefers-{n}".replace("_", "-"), "value": v} for n, v in features.items()
        ]
        self.call("Emulation.setEmulatedMedia", media=media, features=preferred)

    def open(self, url: str, width: int = 1000, scheme: str = "light", **features: str) -> None:
        """Open a page anew and wait until it is there and its charts are drawn."""
        self.call("Page.navigate", url="about:blank")
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
        self.call("Emulation.setDeviceMetricsOverride", **size)
        self.look(color_scheme=scheme, **features)
        self.requested, self.trouble = [], []
        self.call("Page.navigate", url=url)
        self.wait("document.readyState === 'complete' && location.href !== 'about:blank'")
        self.draw()

    def draw(self) -> None:
        """Scroll to every chart, so that each is drawn, and back to the top."""
        self.wait(
            "(() => { const left = [...document.querySelectorAll('.plot')]"
            ".find((plot) => !plot.querySelector('.main-svg'));"
            "if (left) left.scrollIntoView({ behavior: 'instant' }); return !left; })()"
        )

    def run(self, script: str):
        """Return what a script gives."""
        answer = self.call(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def leave(self, script: str) -> None:
        """Run a script that leaves the page, which may be gone before it answers."""
        with suppress(LeftPage):
            self.run(script)

    def wait(self, script: str, seconds: float = 15) -> None:
        """Wait until a script gives something true."""
        end = time.monotonic() + seconds
        while not self._gives(script):
            assert time.monotonic() < end, f"waited in vain for {script}"
            time.sleep(0.03)

    def _gives(self, script: str) -> bool:
        try:
            return bool(self.run(script))
        except LeftPage:  # on its way to the next page
            return False

    def press(self, key: str, modifiers: int = 0) -> None:
        """Press a key and let it go, as a hand does."""
        code, number, text = KEYS[key]
        sent = {"key": key, "code": code, "windowsVirtualKeyCode": number, "modifiers": modifiers}
        down = sent | ({"text": text} if text else {})
        self.call("Input.dispatchKeyEvent", type="keyDown", **down)
        self.call("Input.dispatchKeyEvent", type="keyUp", **sent)


@contextmanager
def started(profile: Path) -> Iterator[Browser]:
    """Start a Chromium with a profile of its own, and end it."""
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


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    """Give a module's tests one tab."""
    with started(tmp_path_factory.mktemp("profile")) as tab:
        yield tab


def write_site(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write a built site to disk."""
    for path, content in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root

"""A temporary Prefect server on loopback for one run, where the user names none.

Layer:   flows (wiring). `python -m flows.server PORT PARENT` serves until its parent is gone.
Quirk:   the server Prefect would start by itself is the same one, but it begins only after the
         flow's own process has loaded all of it as well, which doubles the wait (3.8).
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection

from pipeline.errors import PipelineError

# What Prefect itself sets for a temporary server: no pages, no services that outlive a run.
_EPHEMERAL = {
    "PREFECT_UI_ENABLED": "0",
    "PREFECT__SERVER_EPHEMERAL": "1",
    "PREFECT__SERVER_FINAL": "1",
}
STARTUP_SECONDS = 120  # 2 slow cores and a first-time database need over 20


@contextmanager
def temporary_server() -> Iterator[None]:
    """Serve Prefect's API to this process through PREFECT_API_URL; a server of the user's stays."""
    if os.environ.get("PREFECT_API_URL"):
        yield
        return
    port = _free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "flows.server", str(port), str(os.getpid())],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | _EPHEMERAL,
        start_new_session=True,  # Ctrl-C is for the run, which needs its server to end well
    )
    os.environ["PREFECT_API_URL"] = f"http://127.0.0.1:{port}/api"
    try:
        from flows import nightly  # noqa: F401  loads while the server starts

        _wait(process, port)
        yield
    finally:
        del os.environ["PREFECT_API_URL"]
        process.terminate()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    """Return when the server answers; raises PipelineError if it ends or takes too long."""
    until = time.monotonic() + STARTUP_SECONDS
    while time.monotonic() < until and process.poll() is None:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/api/health")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.05)
        finally:
            connection.close()
    raise PipelineError(
        f"Prefect's temporary server did not answer within {STARTUP_SECONDS} s; "
        "run again, or start `prefect server start` and set PREFECT_API_URL"
    )


def _serve(port: int, parent: int) -> None:
    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()
    import uvicorn

    uvicorn.run(
        "prefect.server.api.server:create_app",
        factory=True,
        host="127.0.0.1",
        port=port,
        log_level="error",
        timeout_graceful_shutdown=1,
    )


if __name__ == "__main__":
    _serve(int(sys.argv[1]), int(sys.argv[2]))

"""A Dask cluster on loopback: a scheduler and workers as processes of their own, by their ids.

with Cluster(tmp_path) as cluster:
    cluster.start_workers(2)
    place.run("build", "--runner", "dask", "--dask-address", cluster.address)
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from small_data import clean_environment

TESTS = Path(__file__).resolve().parent
PATIENCE = 90  # seconds for a process to come up on a busy machine


class Cluster:
    """One scheduler and its workers; whatever still runs at the end is killed."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.address = ""
        self.workers: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Cluster:
        file = self.folder / "scheduler.json"
        self.scheduler = self._start(
            "scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file)
        )
        _wait_for(file.exists, "the scheduler")
        self.address = json.loads(file.read_text())["address"]
        return self

    def __exit__(self, *_: object) -> None:
        for process in [*self.workers, self.scheduler]:
            process.kill()
            process.wait()

    def start_workers(self, count: int) -> None:
        """Start workers of one process and one thread each, and wait until all are there."""
        before = self.n_workers()
        for _ in range(count):
            folder = str(self.folder / "scratch")
            self.workers.append(
                self._start(
                    "worker", self.address, "--host", "127.0.0.1", "--nthreads", "1",
                    "--no-nanny", "--local-directory", folder,
                )
            )  # fmt: skip
        _wait_for(lambda: self.n_workers() >= before + count, "the workers")

    def n_workers(self) -> int:
        """Return how many workers the scheduler knows of."""
        from distributed import Client

        with Client(self.address, set_as_default=False) as client:
            return len(client.nthreads())

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        # beside the folder of the data: a worker must not depend on where it was started
        return subprocess.Popen(
            [sys.executable, "-m", "dask", *arguments, "--no-dashboard"],
            cwd=self.folder,
            env=clean_environment() | {"PYTHONPATH": str(TESTS)},
            stdout=subprocess.DEVNULL,
            stderr=(self.folder / f"{arguments[0]}.log").open("ab"),
        )


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a process as the kernel does when memory is short."""
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


def _wait_for(ready: Any, what: str) -> None:
    until = time.monotonic() + PATIENCE
    while not ready():
        assert time.monotonic() < until, f"{what} did not come up"
        time.sleep(0.1)

"""Invented postings in files of every format, a config for them, and the real command in a process.

place = Place(tmp_path)
write_csv(place.folder / "a.csv", ads(40))
place.config(files_entry("board", "a.csv"))
done = place.run("ingest")
assert done.code == 0, done.err
"""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.cli import main
from pipeline.commands import COMMANDS
from pipeline.edge.query import query, same_tables_hash

FRAMEWORKS = ("PyTorch", "TensorFlow", "Keras", "JAX", "scikit-learn", "XGBoost")
_PLACES = ("Boston, MA", "Berlin, Germany", "London, UK", "Toronto, Canada", "Remote (US)")
_TITLES = ("Machine Learning Engineer", "Data Scientist", "Research Engineer", "Data Engineer")
_LAST_DAY = date(2026, 11, 1)
FIELDS = (
    "posting_id",
    "title",
    "employer",
    "location",
    "description",
    "posted_on",
    "url",
    "salary",
)


def ad(number: int, **changes: Any) -> dict[str, str]:
    """Return one invented posting; the same number gives the same one."""
    first = FRAMEWORKS[number % len(FRAMEWORKS)]
    second = FRAMEWORKS[(number * 7 + 1) % len(FRAMEWORKS)]
    return {
        "posting_id": f"p{number}",
        "title": f"{('Senior ', '')[number % 2]}{_TITLES[number % len(_TITLES)]}",
        "employer": f"Invented Works {number % 97}",
        "location": _PLACES[number % len(_PLACES)],
        "description": (
            f"Team {number} builds forecasting tools for harbours.\n\nRequirements:\n"
            f"- Three years of {first}\n- Python, SQL and Docker\n\nNice to have:\n- {second}\n"
        ),
        "posted_on": (_LAST_DAY - timedelta(days=number * 13 % 900)).isoformat(),
        "url": f"https://example.org/jobs/{number}",
        "salary": f"${90 + number % 60},000 - ${130 + number % 60},000 a year",
        **changes,
    }


def ads(count: int, start: int = 0) -> list[dict[str, str]]:
    """Return invented postings number start, start + 1, ..."""
    return [ad(number) for number in range(start, start + count)]


def write_csv(path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    """Write rows as CSV with a header."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_jsonl(path: Path, rows: Iterable[Mapping[str, Any]]) -> Path:
    """Write rows as JSON Lines."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def write_parquet(path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    """Write rows as Parquet."""
    pq.write_table(pa.Table.from_pylist([dict(row) for row in rows]), path)
    return path


def files_entry(name: str, path: str | Path, more: str = "") -> str:
    """Return one [[sources.files]] block."""
    return (
        f'[[sources.files]]\nname = "{name}"\npath = "{path}"\nlicence = "CC0-1.0"\n'
        f'family = "{name}"\nframe = "all_jobs"\n{more}\n'
    )


def hn_entry(url: str) -> str:
    """Return a [sources.hn_hiring] block that asks one server for everything, impatiently."""
    return (
        f'[sources.hn_hiring]\nenabled = true\nbase_url = "{url}"\nfirebase_url = "{url}"\n'
        "rate_per_second = 1000.0\nfirebase_rate_per_second = 1000.0\nthreads = 1\n"
        "hits_per_page = 3\nbackoff = 0.02\njitter = 0.0\nmax_wait = 2.0\ntries = 3\n"
    )


NO_HN = "[sources.hn_hiring]\nenabled = false\n"
NO_REFERENCE = "[sources.reference]\nenabled = false\n"


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def errors(self) -> list[str]:
        """The lines of standard error that name a problem."""
        return [line for line in self.err.splitlines() if line.startswith("jobmarket: ")]


class Place:
    """A folder with a config and data in which `jobmarket` runs as a user would run it."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.data = folder / "data"
        self.warehouse = self.data / "jobmarket.duckdb"
        self.env = {"SMALL_DATA_PLACE": str(folder)}  # by which its processes are found

    def config(self, *blocks: str, top: str = "", hn: str = NO_HN) -> None:
        """Write jobmarket.toml: these blocks, no reference corpus, no live source unless given."""
        text = "\n".join([top, NO_REFERENCE, hn, *blocks])
        (self.folder / "jobmarket.toml").write_text(text, encoding="utf-8")

    def start(self, *arguments: str, **how: Any) -> subprocess.Popen[bytes]:
        """Start a command and return its process."""
        return subprocess.Popen(
            [sys.executable, "-m", "pipeline.cli", *arguments],
            cwd=self.folder,
            env=clean_environment() | self.env,
            **{
                "stdout": subprocess.PIPE,
                "stderr": subprocess.PIPE,
                "stdin": subprocess.DEVNULL,
                **how,
            },
        )

    def run(self, *arguments: str, given: bytes | None = None, patience: float = 120) -> Done:
        """Run a command to its end; patience: the seconds after which it is taken to hang."""
        how = {"stdin": subprocess.PIPE} if given is not None else {}
        with self.start(*arguments, **how) as process:
            out, err = process.communicate(given, timeout=patience)
        return Done(process.returncode, out.decode(), err.decode())

    def call(self, *arguments: str) -> Done:
        """Run a command in this process: quicker, for what no process of its own is needed for."""
        out, err = io.StringIO(), io.StringIO()
        if arguments and arguments[0] in COMMANDS and "--data" not in arguments:
            # whole: the workers of this process started in another test's folder
            arguments = (*arguments, "--data", str(self.data))
        with chdir(self.folder), redirect_stdout(out), redirect_stderr(err):
            try:
                code = main(arguments)
            except SystemExit as wrong_usage:
                code = int(wrong_usage.code or 0)
        return Done(code, out.getvalue(), err.getvalue())

    def run_bytes(self, *arguments: str) -> bytes:
        """Run a command that must end well; return what it printed."""
        with self.start(*arguments) as process:
            out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err.decode()
        return out

    def processes(self) -> dict[int, str]:
        """Return the processes that a command started here and that still run, by id."""
        return processes_of(f"SMALL_DATA_PLACE={self.folder}")

    def expect_no_process(self, seconds: float = 5) -> None:
        """Fail if a process of a command that ended still runs after so long."""
        until = time.monotonic() + seconds
        while self.processes() and time.monotonic() < until:
            time.sleep(0.1)
        assert self.processes() == {}

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Query the published warehouse."""
        return query(self.warehouse, sql).rows

    def hashes(self) -> dict[str, str]:
        """Return the hash of every published table."""
        return same_tables_hash(self.warehouse)

    def last_log(self) -> dict[str, Any]:
        """Return the log of the newest run, an empty one before the first."""
        logs = sorted((self.data / "runs").glob("*.json"))
        return json.loads(logs[-1].read_text(encoding="utf-8")) if logs else {}


def clean_environment() -> dict[str, str]:
    """Return this process's environment without what would change a run."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PREFECT_", "JOBMARKET_"))
    }


def processes_of(mark: str) -> dict[int, str]:
    """Return the running processes that hold this NAME=value in their environment."""
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            held = (entry / "environ").read_bytes().decode(errors="replace").split("\0")
            line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue  # it ended meanwhile, or is not ours
        if mark in held:  # a zombie has no environment left
            found[int(entry.name)] = line
    return found

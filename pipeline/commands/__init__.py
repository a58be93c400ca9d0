"""What each command does: calls the layers, prints the result, returns the exit code.

Layer:   the outermost; results go to stdout, progress to stderr.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable

from pipeline.commands.extracting import digest, extract, score
from pipeline.commands.keeping import backfill, clean, notify
from pipeline.commands.reading import bench, boards, claims, export, release, sources, sql, status
from pipeline.commands.running import build, forget, ingest, init, run, serve, site

COMMANDS: dict[str, Callable[[Namespace], int]] = {
    function.__name__: function
    for function in (
        init, run, serve, ingest, build, backfill, clean, notify, extract, score, digest, claims,
        site, forget, sql, export, release, sources, boards, status, bench,
    )
}  # fmt: skip

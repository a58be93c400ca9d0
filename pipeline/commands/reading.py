"""The commands that read what is published, and measure.

Layer:   the outermost.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from argparse import Namespace
from pathlib import Path

from pipeline.commands.shared import FAILED, OK, SOURCE_FAILED, settings_of, show
from pipeline.errors import InputError


def claims(arguments: Namespace) -> int:
    """Print what stands of every claim, or everything about one."""
    from pipeline.edge import claims_report

    warehouse = settings_of(arguments).warehouse
    chosen = {name: getattr(arguments, name) for name in ("verdict", "article", "topic")}
    # a pipe has no width: there a claim stays one line
    width = shutil.get_terminal_size().columns
    if arguments.claim:
        if any(chosen.values()):
            raise InputError("claims: expected an ID or filters, saw both; leave one out")
        claim = claims_report.told(warehouse, arguments.claim)
        show(arguments, claim, claims_report.claim_text(claim, width))
        return OK
    rows = claims_report.listed(warehouse, **chosen)
    text = claims_report.list_text(rows, width if sys.stdout.isatty() else None)
    show(arguments, rows, text)
    return OK


def sql(arguments: Namespace) -> int:
    """Run one read-only query."""
    from pipeline.edge.query import query, to_format

    def give_up(why: str) -> None:
        # the query hangs in one call that nothing interrupts: no other end than the process's
        print(f"jobmarket: {why}", file=sys.stderr, flush=True)
        os._exit(FAILED)

    settings = settings_of(arguments)
    found = query(
        settings.warehouse,
        arguments.query,
        seconds=arguments.timeout,
        memory=settings.memory_limit,
        give_up=give_up,
    )
    shown = to_format(found, "json" if arguments.json else arguments.format)
    if isinstance(shown, bytes):
        sys.stdout.buffer.write(shown)
    else:
        print(shown)
    return OK


def export(arguments: Namespace) -> int:
    """Write one table or view of the published warehouse as CSV or Parquet."""
    from pipeline.edge.release import export as write
    from pipeline.edge.release import export_file

    warehouse = settings_of(arguments).warehouse
    if arguments.out is None:
        write(warehouse, arguments.table, arguments.format or "csv", sys.stdout.buffer)
        return OK
    out = Path(arguments.out)
    by_name = "parquet" if out.suffix == ".parquet" else "csv"
    n_rows = export_file(warehouse, arguments.table, arguments.format or by_name, out)
    show(arguments, {"file": str(out), "rows": n_rows}, f"{out}: {n_rows:,} rows")
    return OK


def release(arguments: Namespace) -> int:
    """Write every table of the published run to a folder, or verify one."""
    from pipeline.edge import release as releases

    folder = Path(arguments.folder)
    if arguments.folder.startswith("s3://"):
        return _release_on_store(arguments)
    if arguments.check:
        manifest = releases.check(folder)
    else:
        settings = settings_of(arguments)
        manifest = releases.release(settings.warehouse, folder, settings.site)
    rows = sum(one["rows"] for one in manifest["files"])
    done = "as its manifest says" if arguments.check else "written"
    text = (
        f"{folder}: {len(manifest['files'])} tables, {rows:,} rows of run {manifest['run_id']}, "
        f"{done}"
    )
    show(arguments, manifest, text)
    return OK


def _release_on_store(arguments: Namespace) -> int:
    from pipeline.edge import store_release
    from pipeline.edge.lake_paths import address_of

    address = address_of("release", arguments.folder)
    if arguments.check:
        manifest = store_release.check(address)
    else:
        manifest = store_release.publish(settings_of(arguments), address)
    done = "as its manifest says" if arguments.check else "published"
    files, size = manifest["files"], sum(one["bytes"] for one in manifest["files"])
    text = (
        f"{address}: {len(files)} files, {size / 1e6:,.1f} MB of run {manifest['run_id']}, {done}"
    )
    show(arguments, manifest, text)
    return OK


def sources(arguments: Namespace) -> int:
    """List every source with its age and terms."""
    from pipeline.edge.report import source_lines, source_rows

    rows = source_rows(settings_of(arguments))
    show(arguments, rows, source_lines(rows))
    return OK


def status(arguments: Namespace) -> int:
    """Say how the last run went."""
    from pipeline.edge.monitoring import status as status_of
    from pipeline.edge.status_text import status_lines

    values = status_of(settings_of(arguments))
    show(arguments, values, status_lines(values))
    return int(values["exit_code"])


def boards(arguments: Namespace) -> int:
    """List the starter boards, or ask each configured board whether it answers."""
    from pipeline.edge import board_check

    settings = settings_of(arguments)
    if not arguments.check:
        rows = board_check.starter_rows(arguments.names)
        show(arguments, rows, board_check.starter_lines(rows))
        return OK
    answers = board_check.check_all(settings, arguments.names)
    show(arguments, [one._asdict() for one in answers], "\n".join(board_check.lines(answers)))
    return OK if all(one.answers for one in answers) else SOURCE_FAILED


def bench(arguments: Namespace) -> int:
    """Run one benchmark and print its JSON."""
    from pipeline.edge import bench as benches

    if arguments.name == "extract":
        values = benches.extract(arguments.input)
    elif arguments.name == "side-by-side":
        values = benches.side_by_side(
            arguments.input, arguments.dumps, arguments.gold, arguments.rounds
        )
    elif arguments.name == "nightly":
        values = benches.nightly(arguments.stored, arguments.new)
    elif arguments.name == "build":
        values = benches.build(arguments.stored, arguments.memory)
    elif arguments.name == "query":
        values = benches.query(arguments.mentions)
    else:
        values = benches.site(settings_of(arguments))
    print(json.dumps(values, indent=1))
    return OK

"""The `jobmarket` command: parses arguments, calls the layers; heavy imports happen late.

Layer:   the outermost. Exit: 0 done; 1 nothing published or failed; 2 wrong usage or unreadable
         input; 3 published, but at least one source failed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

from pipeline.errors import InputError, PipelineError

_COMMON = argparse.ArgumentParser(add_help=False)
_COMMON.add_argument("--data", default="data", metavar="DIR", help="data folder (default: data)")
_COMMON.add_argument(
    "--config", metavar="FILE", help="config (default: jobmarket.toml if it exists, else built in)"
)
_COMMON.add_argument("--json", action="store_true", help="print the result as JSON")
_COMMON.add_argument("--debug", action="store_true", help="show the traceback of an error")


_SINCE = "read the past as well where a source keeps it: a year, month or day (hn_hiring: 2011)"

_VERDICTS = ("supported", "contradicted", "inconclusive", "insufficient_data", "not_testable")


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds <= 1_000_000:
        raise argparse.ArgumentTypeError(f"expected seconds of 0 or more, saw {text}")
    return seconds


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="jobmarket",
        description="What employers really ask for: job postings in, judged claims out.",
        epilog="Example: jobmarket run --source reference",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, what: str, example: str) -> argparse.ArgumentParser:
        return commands.add_parser(
            name, parents=[_COMMON], help=what, description=what, epilog=f"Example: {example}"
        )

    init = command("init", "write a commented jobmarket.toml with every source", "jobmarket init")
    init.add_argument("--force", action="store_true", help="replace an existing file")
    run = command(
        "run",
        "ingest, extract, build, check, judge and publish: the flow nightly, once",
        "jobmarket run --source reference",
    )
    run.add_argument(
        "--source", action="append", metavar="NAME", help="only this source (again for more)"
    )
    run.add_argument(
        "--accept-drop", action="append", default=[], metavar="SOURCE",
        help="confirm once that this source holds far fewer postings than last time",
    )  # fmt: skip
    run.add_argument("--since", default="", metavar="DAY", help=_SINCE)
    _runner_options(run)
    serve = command(
        "serve", "run the flow on a schedule, as a Prefect deployment", "jobmarket serve"
    )
    serve.add_argument("--cron", default="0 3 * * *", help='when (default: "0 3 * * *")')
    _runner_options(serve)
    ingest = command("ingest", "bring sources into the lake", "jobmarket ingest hn_hiring")
    ingest.add_argument("names", nargs="*", metavar="NAME", help="sources (default: all enabled)")
    ingest.add_argument("--since", default="", metavar="DAY", help=_SINCE)
    ingest.add_argument(
        "--accept-drop", action="append", default=[], metavar="SOURCE",
        help="believe this once that a live source lists far less than last time",
    )  # fmt: skip
    _runner_options(
        command(
            "build",
            "extract what is new, build, check and publish the warehouse",
            "jobmarket build",
        )
    )
    claims = command("claims", "print the published verdicts", "jobmarket claims pt-rising")
    claims.add_argument("claim", nargs="?", metavar="ID", help="one claim in full")
    claims.add_argument("--verdict", choices=_VERDICTS, default="", help="only these")
    claims.add_argument(
        "--article", default="", metavar="LETTER", help="only what this article says (A to E)"
    )
    claims.add_argument("--topic", default="", metavar="TOPIC", help="only this topic")
    site = command("site", "build the site anew from the published warehouse", "jobmarket site")
    site.add_argument(
        "--single-file", nargs="?", const="", metavar="FILE",
        help="write it as one HTML file instead (default: jobmarket.html in the data folder)",
    )  # fmt: skip
    _reading_commands(command)
    forget = command("forget", "remove one posting everywhere", "jobmarket forget hn:8863")
    forget.add_argument("posting_id", metavar="ID")
    _table_commands(command)
    _keeping_commands(command)
    command(
        "sources", "list every source: last success, postings, age, licence", "jobmarket sources"
    )
    boards = command(
        "boards",
        "list employers' boards to start with, or ask those of the config whether they answer",
        "jobmarket boards --check greenhouse",
    )
    boards.add_argument("names", nargs="*", metavar="NAME", help="sources (default: all)")
    boards.add_argument("--check", action="store_true", help="ask every board once")
    command(
        "status", "say how the last run went: stages, counts, checks, warnings", "jobmarket status"
    )
    bench = command("bench", "run one benchmark", "jobmarket bench extract --json")
    bench.add_argument(
        "name", choices=("extract", "side-by-side", "nightly", "build", "query", "site")
    )
    bench.add_argument("--input", metavar="FILE", help="postings to measure extraction on")
    bench.add_argument("--dumps", metavar="DIR", help="texts of our labelled postings, for quality")
    bench.add_argument("--gold", metavar="DIR", help="a folder of labels.jsonl and postings.jsonl")
    bench.add_argument("--rounds", type=int, default=5, metavar="N", help="rounds side by side")
    bench.add_argument(
        "--stored", type=int, default=20_000, metavar="N", help="postings already stored"
    )
    bench.add_argument(
        "--memory", default="2GB", metavar="SIZE", help="what DuckDB may take in a build (2GB)"
    )
    bench.add_argument(
        "--new", type=int, default=500, metavar="M", help="postings of the new night"
    )
    bench.add_argument(
        "--mentions", type=int, default=1_000_000, metavar="N", help="mentions to query"
    )
    return parser


def _runner_options(command: argparse.ArgumentParser) -> None:
    """Add who extracts."""
    command.add_argument(
        "--runner", choices=("local", "dask"), default="local",
        help="extract in processes here, or part by part on Dask workers (default: local)",
    )  # fmt: skip
    command.add_argument(
        "--dask-address", default="", metavar="ADDRESS",
        help="a running scheduler, such as tcp://10.0.0.5:8786 (default: a cluster of its own)",
    )  # fmt: skip


def _reading_commands(command: Callable[[str, str, str], argparse.ArgumentParser]) -> None:
    extract = command(
        "extract",
        "read postings (JSON Lines, CSV, Parquet), write one facts record a posting",
        "jobmarket extract postings.jsonl facts.jsonl",
    )
    extract.add_argument("input", metavar="IN", help="a file, or - for standard input (JSON Lines)")
    extract.add_argument("output", metavar="OUT", help="a file, or - for standard output")
    extract.add_argument("--with-text", action="store_true", help="write the plain text as well")
    extract.add_argument(
        "--diff", metavar="OLD", help="show the mentions gained and lost since these earlier facts"
    )
    score = command(
        "score", "score extraction against labelled postings", "jobmarket score labels.jsonl"
    )
    score.add_argument("gold", metavar="GOLD", help="labels, JSON Lines")
    score.add_argument(
        "--postings", metavar="FILE", help="their postings (default: postings.jsonl beside GOLD)"
    )
    digest = command(
        "digest",
        "write digests: facts of postings without their text",
        "jobmarket digest in.jsonl out.parquet",
    )
    digest.add_argument("input", metavar="IN", help="a file of postings, or a folder of datasets")
    digest.add_argument(
        "output", metavar="OUT", help="a file, or the folder of the reference corpus"
    )


def _table_commands(command: Callable[[str, str, str], argparse.ArgumentParser]) -> None:
    """Add what reads the published tables or takes them away."""
    sql = command(
        "sql", "run one read-only query on the published warehouse", 'jobmarket sql "select 1"'
    )
    sql.add_argument("query", metavar="QUERY")
    sql.add_argument("--format", choices=("table", "csv", "json", "parquet"), default="table")
    sql.add_argument(
        "--timeout", type=_seconds, default=60.0, metavar="SECONDS",
        help="give up after so long (default: 60; 0: never)",
    )  # fmt: skip
    export = command(
        "export",
        "write one table, view or mart of the published warehouse as CSV or Parquet",
        "jobmarket export mart.source_coverage --out coverage.csv",
    )
    export.add_argument("table", metavar="TABLE", help="such as mart.framework_pairs, or postings")
    export.add_argument(
        "--format", choices=("csv", "parquet"), help="default: by the name of FILE, else csv"
    )
    export.add_argument("--out", metavar="FILE", help="default: standard output")
    release = command(
        "release",
        "write every table of the published run to a folder or an object store, with its manifest",
        "jobmarket release releases/2026-07",
    )
    release.add_argument(
        "folder", metavar="DIR", help="a new or empty folder, or s3://bucket/prefix"
    )
    release.add_argument(
        "--check", action="store_true", help="verify a release against its manifest instead"
    )


def _keeping_commands(command: Callable[[str, str, str], argparse.ArgumentParser]) -> None:
    """Add what looks after the data folder."""
    backfill = command(
        "backfill",
        "read the past of sources, and what an earlier lexicon read, in pieces beside the nights",
        "jobmarket backfill hn_hiring --since 2011",
    )
    backfill.add_argument("names", nargs="*", metavar="NAME", help="sources (default: all)")
    backfill.add_argument("--since", default="", metavar="DAY", help=_SINCE)
    clean = command(
        "clean", "remove what may go from the data folder; say what stays and why",
        "jobmarket clean --dry-run",
    )  # fmt: skip
    clean.add_argument("--dry-run", action="store_true", help="say what would go, remove nothing")
    notify = command(
        "notify", "try the addresses that are told of a night that needs somebody",
        "jobmarket notify --test",
    )  # fmt: skip
    notify.add_argument(
        "--test", action="store_true", required=True,
        help="send one test message to every address of [notify], say whether it got through",
    )  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    parsed = _parser().parse_args(arguments)
    try:
        from pipeline import commands

        return commands.COMMANDS[parsed.command](parsed)
    except InputError as error:
        if parsed.debug:
            raise
        print(f"jobmarket: {error}", file=sys.stderr)
        return 2
    except PipelineError as error:
        if parsed.debug:
            raise
        print(f"jobmarket: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("jobmarket: interrupted; the published data are as they were", file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 0  # the reader (head, less) has seen enough


if __name__ == "__main__":
    sys.exit(main())

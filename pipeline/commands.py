"""What each command does: calls the layers, prints the result, returns the exit code.

Layer:   the outermost; results go to stdout, progress to stderr.
"""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipeline.edge.progress import say
from pipeline.errors import InputError

OK, FAILED, SOURCE_FAILED = 0, 1, 3
_TO_LOOK_AT = frozenset({"failed", "truncated", "suspicious"})


def _show(arguments: Namespace, values: Any, text: str) -> None:
    """Print a result: as JSON where --json asks for it, else as text."""
    if arguments.json:
        text = json.dumps(values, default=str, ensure_ascii=False, indent=1)
    print(text)


def _settings(arguments: Namespace) -> Any:
    from pipeline.edge.settings import read_settings

    return read_settings(arguments.data, arguments.config)


def init(arguments: Namespace) -> int:
    """Write a commented config."""
    from pipeline.edge.config_template import config_template

    path = Path(arguments.config or "jobmarket.toml")
    if path.exists() and not arguments.force:
        raise InputError(f"{path}: exists already; --force replaces it")
    path.write_text(config_template(), encoding="utf-8")
    _show(arguments, {"config": str(path)}, f"{path} written; `jobmarket run` reads it")
    return OK


def extract(arguments: Namespace) -> int:
    """Write one facts record per posting; with --diff say what earlier facts said otherwise."""
    from pipeline.edge.exchange import extract_file

    if arguments.diff is not None:
        return _extract_and_compare(arguments)
    done = extract_file(arguments.input, arguments.output, with_text=arguments.with_text)
    return _exchanged(arguments, done)


def _extract_and_compare(arguments: Namespace) -> int:
    from pipeline.edge.differences import Differences
    from pipeline.edge.exchange import extract_file
    from pipeline.edge.facts_files import FactsFile

    if arguments.output == "-":
        raise InputError(
            "--diff prints what differs on standard output, where OUT = - puts the facts; "
            "name a file as OUT"
        )
    # opened before the extraction: OUT may replace the very file it is compared with
    with FactsFile(arguments.diff) as old:
        done = extract_file(arguments.input, arguments.output, with_text=arguments.with_text)
        _say_exchanged(done)
        with FactsFile(arguments.output) as new:
            found = Differences(old, new)
    if arguments.json:
        sys.stdout.writelines(found.json_parts(_counts(done)))
    else:
        sys.stdout.writelines(f"{line}\n" for line in found.lines())
    return OK


def digest(arguments: Namespace) -> int:
    """Write digests of a file, or the reference corpus of a folder of datasets."""
    if Path(arguments.input).is_dir():
        from pipeline.edge.corpus import build_corpus

        counts = build_corpus(Path(arguments.input), Path(arguments.output))
        lines = [f"{name}: {n:,} digests" for name, n in counts.items()]
        _show(arguments, counts, "\n".join([*lines, f"{sum(counts.values()):,} in all"]))
        return OK
    from pipeline.edge.exchange import digest_file

    return _exchanged(arguments, digest_file(arguments.input, arguments.output))


def _exchanged(arguments: Namespace, done: Any) -> int:
    _say_exchanged(done)
    if arguments.json and arguments.output != "-":
        print(json.dumps(_counts(done)))
    return OK


def _say_exchanged(done: Any) -> None:
    if done.unknown_fields:
        say(f"fields kept but not read: {', '.join(done.unknown_fields)}")
    for one in done.rejects[:5]:
        say(f"set aside: line {one['line']} {one['posting_id']}: {one['reason']}")
    if len(done.rejects) > 5:
        say(f"set aside: {len(done.rejects) - 5} more")
    say(f"{done.n_written:,} written, {len(done.rejects):,} set aside, {done.n_read:,} read")


def _counts(done: Any) -> dict[str, int]:
    return {
        "n_read": done.n_read,
        "n_written": done.n_written,
        "n_rejected": len(done.rejects),
    }


def score(arguments: Namespace) -> int:
    """Score extraction against labels."""
    from pipeline.edge.exchange import Exchange, read_postings_file
    from pipeline.edge.labelled import read_labels, records_of
    from pipeline.mentions.score import score as measure

    gold = Path(arguments.gold)
    postings = arguments.postings or str(gold.with_name("postings.jsonl"))
    labels = read_labels(gold)
    found = records_of(labels, read_postings_file(postings, Exchange()))
    wanted = {label["id"] for label in labels}
    if not found:
        raise InputError(f"{postings}: holds none of the {len(wanted)} labelled postings")
    if missing := len(wanted) - len(found):
        say(f"{postings}: {missing} of {len(wanted)} labelled postings are not in it; not scored")
    measures = measure(labels, found)
    lines = [f"{'label':26}{'precision':>10}{'recall':>10}{'f1':>10}{'n':>8}"]
    for name, one in measures.items():
        shown = "".join(
            f"{'-' if one[key] is None else format(one[key], '.3f'):>10}"
            for key in ("precision", "recall", "f1")
        )
        lines.append(f"{name:26}{shown}{one['n_labelled']:>8}")
    for name, one in measures.items():
        for miss in one["misses"]:
            lines.append(
                f"{name}: {miss['id']}: missed {miss['missed']}, made up {miss['made_up']}"
            )
    _show(arguments, {"n_postings": len(found), "labels": measures}, "\n".join(lines))
    return OK


def run(arguments: Namespace) -> int:
    """Run the flow once; 3 if a source failed and the rest was published."""
    from flows.local import run as run_flow
    from pipeline.edge import runs, stages

    settings = _settings(arguments)
    settings.demand_known(arguments.source or [])
    if arguments.since:
        stages.day_since(arguments.since)
    with runs.only_writer(settings):
        pass  # what can be refused is refused before Prefect starts, which takes seconds
    outcome = run_flow(settings, arguments.source or [], arguments.accept_drop, arguments.since)
    return _ended(arguments, settings, outcome)


def _ended(arguments: Namespace, settings: Any, outcome: dict[str, Any]) -> int:
    failed = [one for one in outcome["sources"] if one["verdict"] in _TO_LOOK_AT]
    for one in outcome["sources"]:
        if one["verdict"] == "not_configured":
            say(f"jobmarket: {one['message']}")
    for one in failed:
        for problem in one["problems"]:
            say(f"jobmarket: {problem}")
    read = sum(one["n_read"] for one in outcome["sources"])
    kept = sum(one["n_kept"] for one in outcome["sources"])
    say(f"{read:,} postings read, {kept:,} kept, {read - kept:,} set aside with a reason")
    index = settings.site / "index.html"
    _show(arguments, outcome | {"site": str(index)}, str(index))
    return SOURCE_FAILED if failed else OK


def serve(arguments: Namespace) -> int:
    """Serve the flow on a schedule."""
    from flows.local import serve as serve_flow

    serve_flow(_settings(arguments), arguments.cron)
    return OK


def ingest(arguments: Namespace) -> int:
    """Bring sources into the lake; nothing is published."""
    from pipeline.edge import runs, stages

    settings = _settings(arguments)
    settings.demand_known(arguments.names)
    with runs.running(settings, "ingested") as run_id:
        ended = stages.ingest(
            settings,
            run_id,
            arguments.names,
            since=arguments.since,
            accept=arguments.accept_drop,
        )
    failed = [one for one in ended if one.verdict in _TO_LOOK_AT]
    for one in ended:
        for problem in one.problems or [one.message] * (one.verdict == "not_configured"):
            say(f"jobmarket: {problem}")
    lines = [
        f"{one.source}: {one.verdict}, {one.n_read:,} read, {one.n_kept:,} kept, "
        f"{one.n_rejected:,} set aside, {one.n_new:,} new"
        for one in ended
    ]
    _show(arguments, runs.outcome(settings, run_id), "\n".join(lines))
    if ended and all(one.verdict == "failed" for one in ended):
        return FAILED
    return SOURCE_FAILED if failed else OK


def build(arguments: Namespace) -> int:
    """Extract what is new, build, judge, check and publish what the lake holds."""
    from pipeline.edge import runs, stages

    settings = _settings(arguments)
    with runs.running(settings) as run_id:
        stages.rebuild(settings, run_id)
    _show(arguments, runs.outcome(settings, run_id), str(settings.warehouse))
    return OK


def claims(arguments: Namespace) -> int:
    """Print the headline verdict of every claim, or all rows of one."""
    from pipeline.edge.query import query, to_format

    which = "time_window = 'last_24_months' and part = 'all'"
    if arguments.claim:
        which = f"claim_id = '{arguments.claim.replace(chr(39), '')}'"
    found = query(
        _settings(arguments).warehouse,
        f"""select claim_id, part, time_window, verdict, round(estimate, 1) as estimate,
            round(ci_low, 1) as ci_low, round(ci_high, 1) as ci_high, n_postings, n_employers,
            n_sources
        from claim.verdicts
        where {which} and run_id = (select max(run_id) from claim.verdicts)
        order by claim_id, part, time_window""",
    )
    if arguments.claim and not found.rows:
        raise InputError(f"no claim {arguments.claim!r}; `jobmarket claims` lists them")
    print(to_format(found, "json" if arguments.json else "table"))
    return OK


def site(arguments: Namespace) -> int:
    """Build the site anew from what is published."""
    from pipeline.edge import runs, site_files

    settings = _settings(arguments)
    if not settings.warehouse.exists():
        raise InputError(
            f"no published warehouse at {settings.warehouse}; run `jobmarket run` first"
        )
    with runs.only_writer(settings):
        index = site_files.replace_site(settings)
    _show(arguments, {"site": str(index)}, str(index))
    return OK


def forget(arguments: Namespace) -> int:
    """Remove one posting everywhere, the published warehouse and site included."""
    from pipeline.edge import forgetting, runs, stages

    settings = _settings(arguments)
    with runs.running(settings, "forgotten") as run_id:
        removed = forgetting.forget(settings, arguments.posting_id)
        if settings.warehouse.exists():
            stages.rebuild(settings, run_id)
    said = ", ".join(f"{count} from the {where}" for where, count in removed.items())
    _show(arguments, removed, f"{arguments.posting_id}: removed {said}; it will not come back")
    return OK


def sql(arguments: Namespace) -> int:
    """Run one read-only query."""
    from pipeline.edge.query import query, to_format

    form = "json" if arguments.json else arguments.format
    shown = to_format(query(_settings(arguments).warehouse, arguments.query), form)
    if isinstance(shown, bytes):
        sys.stdout.buffer.write(shown)
    else:
        print(shown)
    return OK


def sources(arguments: Namespace) -> int:
    """List every source with its age and terms."""
    from pipeline.edge.report import source_lines, source_rows

    rows = source_rows(_settings(arguments))
    _show(arguments, rows, source_lines(rows))
    return OK


def status(arguments: Namespace) -> int:
    """Say how the last run went."""
    from pipeline.edge.report import last_run, status_lines

    values = last_run(_settings(arguments))
    _show(arguments, values, status_lines(values))
    return SOURCE_FAILED if values["silent"] else OK


def boards(arguments: Namespace) -> int:
    """List the starter boards, or ask each configured board whether it answers."""
    from pipeline.edge import board_check

    settings = _settings(arguments)
    if not arguments.check:
        rows = board_check.starter_rows(arguments.names)
        _show(arguments, rows, board_check.starter_lines(rows))
        return OK
    answers = board_check.check_all(settings, arguments.names)
    _show(arguments, [one._asdict() for one in answers], "\n".join(board_check.lines(answers)))
    return OK if all(one.answers for one in answers) else SOURCE_FAILED


def bench(arguments: Namespace) -> int:
    """Run one benchmark and print its JSON."""
    from pipeline.edge import bench as benches

    if arguments.name == "extract":
        values = benches.extract(arguments.input)
    elif arguments.name == "nightly":
        values = benches.nightly(arguments.stored, arguments.new)
    elif arguments.name == "query":
        values = benches.query(arguments.mentions)
    else:
        values = benches.site(_settings(arguments))
    print(json.dumps(values, indent=1))
    return OK


COMMANDS: dict[str, Callable[[Namespace], int]] = {
    function.__name__: function
    for function in (
        init, run, serve, ingest, build, extract, score, digest, claims, site, forget, sql,
        sources, boards, status, bench,
    )
}  # fmt: skip

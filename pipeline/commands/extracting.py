"""The commands that read postings from files: extract, digest, score.

Layer:   the outermost.
"""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from pathlib import Path
from typing import Any

from pipeline.commands.shared import OK, settings_of, show
from pipeline.edge.progress import say
from pipeline.errors import InputError


def extract(arguments: Namespace) -> int:
    """Write one facts record per posting; with --diff say what earlier facts said otherwise."""
    from pipeline.edge.exchange import extract_file
    from pipeline.edge.own_folder import own_terms

    if arguments.diff is not None:
        return _extract_and_compare(arguments)
    done = extract_file(
        arguments.input,
        arguments.output,
        with_text=arguments.with_text,
        own=own_terms(settings_of(arguments)),
    )
    return _exchanged(arguments, done)


def _extract_and_compare(arguments: Namespace) -> int:
    from pipeline.edge.differences import Differences
    from pipeline.edge.exchange import extract_file
    from pipeline.edge.facts_files import FactsFile
    from pipeline.edge.own_folder import own_terms

    own = own_terms(settings_of(arguments))
    if arguments.output == "-":
        raise InputError(
            "--diff prints what differs on standard output, where OUT = - puts the facts; "
            "name a file as OUT"
        )
    # opened before the extraction: OUT may replace the very file it is compared with
    with FactsFile(arguments.diff) as old:
        done = extract_file(
            arguments.input, arguments.output, with_text=arguments.with_text, own=own
        )
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
        show(arguments, counts, "\n".join([*lines, f"{sum(counts.values()):,} in all"]))
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
    show(arguments, {"n_postings": len(found), "labels": measures}, "\n".join(lines))
    return OK

"""The proof of the reference corpus: its digests say what the datasets they were made from say.

Layer:   edge (disk). `python -m pipeline.edge.corpus_proof DATASETS_FOLDER` builds the corpus anew,
         judges every claim from the full texts and from the digests, compares it all and writes
         docs/reference_corpus.md; it ends with 1 where anything differs.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from pipeline.edge import workers
from pipeline.edge.corpus import build_corpus
from pipeline.edge.corpus_compare import (
    compare_files,
    compare_postings,
    compare_tables,
    demand_queries,
)
from pipeline.edge.corpus_page import LEFT_OUT, Proof, page
from pipeline.edge.corpus_sides import headlines, judged, of_digests, of_texts
from pipeline.edge.reference import datasets, folder
from pipeline.errors import InputError

TARGET = Path(__file__).resolve().parents[2] / "docs" / "reference_corpus.md"


def prove(source: Path, work: Path, names: Sequence[str] = ()) -> Proof:
    """Compare the embedded corpus with the datasets it was made from.

    source: the folder of the datasets; work: an empty folder for what is built
    names:  the datasets to compare, all that are embedded by default
    Raises InputError for a dataset that is not there.
    """
    started, now = time.monotonic(), datetime.now(UTC)
    chosen = list(names) or [path.stem for path in sorted(folder().glob("*.parquet"))]
    given = work / "given"
    given.mkdir(parents=True)
    for name in chosen:
        if name not in datasets() or not (source / f"{name}.parquet").exists():
            raise InputError(f"{source}: expected {name}.parquet, described in datasets.toml")
        (given / f"{name}.parquet").symlink_to((source / f"{name}.parquet").resolve())
    rebuilt = work / "rebuilt"
    build_corpus(given, rebuilt)
    digests = of_digests(rebuilt, work / "digests")
    texts = of_texts(given, chosen, work / "texts")
    from_digests, from_texts = judged(digests, now), judged(texts, now)
    workers.end()
    return Proof(
        is_whole=not names,
        files=list(compare_files(folder(), rebuilt, chosen)),
        postings=list(compare_postings(texts, digests, chosen)),
        tables=list(compare_tables(from_texts, from_digests, LEFT_OUT, demand_queries())),
        verdicts=headlines(from_digests),
        seconds=time.monotonic() - started,
    )


def main(arguments: Sequence[str]) -> int:
    """Write the page of the whole proof; returns 1 where anything differs."""
    if len(arguments) != 1:
        print("usage: python -m pipeline.edge.corpus_proof DATASETS_FOLDER", file=sys.stderr)
        return 2
    try:
        with tempfile.TemporaryDirectory() as work:
            proof = prove(Path(arguments[0]), Path(work))
    except InputError as unusable:
        print(unusable, file=sys.stderr)
        return 2
    TARGET.write_text(page(proof), encoding="utf-8")
    for line in proof.differences():
        print(line)
    return 1 if proof.differences() else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""docs/reference_corpus.md: what the proof of the reference corpus compared, and what it found.

Layer:   edge (disk).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.digest import VERSION
from pipeline.edge import workers
from pipeline.edge.corpus_compare import FACTS, IDENTITY, File, LeftOut, Postings, Table
from pipeline.facts import extractor_version

# What a digest cannot keep, or what says which side is which; every other cell must be the same.
LEFT_OUT = (
    LeftOut("core.postings", ("is_digest",), "says which side it is"),
    LeftOut("core.postings", ("url",), "links are kept for public boards only"),
    LeftOut("core.postings", ("location",), "a digest writes places in a notation of its own"),
    LeftOut("core.judged_postings", ("is_digest", "own_terms"), "say which side it is"),
    LeftOut("core.mentions", (), "a digest holds no text: its mentions stand in the template"),
    LeftOut("core.rejects", (), "rows that were set aside have no digest"),
    LeftOut(
        "claim.examples",
        (),
        "a posting with a link is shown before one without, and digests have fewer",
    ),
    LeftOut(
        "claim.verdicts",
        ("sums_hash",),
        "floating-point sums whose last digits depend on the order of adding: two runs of its "
        "query on one and the same side differ as well",
        "claim_id = 'versatility-pays'",
    ),
    LeftOut(
        "claim.sensitivity",
        ("estimate", "ci_low", "ci_high", "verdict", "n_families"),
        "whether an ad wrote TensorFlow or TF, PyTorch or Torch is lost with its text: the "
        "template writes the full name, and so a name that has other senses is never the only one",
        "variant = 'unambiguous'",
    ),
)
_HEAD = """\
# The reference corpus, proven

Written by `python -m pipeline.edge.corpus_proof DATASETS_FOLDER`; do not edit it. It holds for
extractor `{version}`, digest template {template} and the files below. Where the extractor, the
template or a file moves on, build the corpus anew (`jobmarket digest DATASETS_FOLDER
pipeline/sources/reference`) and run the proof again: until then a test fails.

The program ships with digests: what was read in each of the postings of the datasets that
[PROVENANCE.md](../pipeline/sources/reference/PROVENANCE.md) lists, without their texts. Here the
digests are held against those texts. The same claims were judged twice, by the same stages as in
any run: once on the datasets themselves, once on nothing but their digests. Numbers are compared
exactly, to the last digit.
"""
_POSTINGS = """\
## Posting by posting

Each posting's text was read, and so was what its digest renders. Compared are all facts ({facts})
and what identifies and dates a posting ({identity}). A value that differs counts, and so does a
posting that only one side holds.
"""
_TABLES = """\
## Table by table

Every table of `core`, `mart` and `claim`, and the queries of the demand page. A row differs if the
other side has none that is the same in every column that is compared. The tables are those of the
program as it was when this page was written; the tests compare all of it for some small datasets
at every change.
"""
_NOT_KEPT = """\
## What a digest does not keep

These columns are not compared. Beside each stands how many rows of the two sides would differ for
that column alone.
"""
HASH_LENGTH = 16  # characters of a file's hash on the page


@dataclass(frozen=True, slots=True)
class Proof:
    """What was compared; is_whole: the whole corpus, whose files must be the same byte for byte."""

    is_whole: bool
    files: Sequence[File]
    postings: Sequence[Postings]
    tables: Sequence[Table]
    verdicts: Mapping[str, int]
    seconds: float = 0.0

    def differences(self) -> list[str]:
        """Return a line for each file, dataset and table that differs where it must not."""
        lines = [
            f"{one.dataset}.parquet: {one.n_differing:,} of {one.rows:,} digests are not those of "
            "its dataset; run `jobmarket digest`"
            for one in self.files
            if one.n_differing or (self.is_whole and one.sha256 != one.sha256_rebuilt)
        ]
        lines += [
            f"{one.dataset}: {one.n_texts:,} texts and {one.n_digests:,} digests, "
            f"{one.n_compared:,} compared; differing: {dict(one.differing) or 'none'}"
            for one in self.postings
            if one.differing or not one.n_texts == one.n_digests == one.n_compared
        ]
        lines += [
            f"{one.name}: {one.n_differing:,} of {one.rows:,} rows are not on both sides"
            for one in self.tables
            if one.n_differing
        ]
        return lines


def page(proof: Proof) -> str:
    """Return the page of a proof of the whole corpus."""
    found = proof.differences()
    n_postings = sum(one.n_compared for one in proof.postings)
    compared = [one for one in proof.tables if not _is_left_out(one)]
    cells = sum(one.rows * (one.n_columns - len(one.left_out)) for one in compared)
    judged = ", ".join(f"{n} {word}" for word, n in proof.verdicts.items())
    same_files = sum(one.sha256 == one.sha256_rebuilt for one in proof.files)
    lines = [
        _HEAD.format(version=extractor_version(), template=VERSION),
        f"- **The same files.** {same_files} of {len(proof.files)} files of digests were built "
        "anew from their datasets and are the same byte for byte.",
        f"- **The same facts.** {n_postings:,} postings were read from their text and from their "
        f"digest; {sum(map(_n_differing, proof.postings)):,} values differ.",
        f"- **The same verdicts.** {sum(proof.verdicts.values())} headline verdicts ({judged}) "
        f"and the {len(compared)} tables and queries behind and beside them, {cells:,} values in "
        f"all; {sum(one.n_differing for one in compared):,} rows differ. What is not compared is "
        "[listed below](#what-a-digest-does-not-keep), with what differs there.",
        f"- It took {proof.seconds / 60:.0f} minutes on {workers.count()} cores.",
        *(["", "**It does not hold:**", "", *(f"- {one}" for one in found)] if found else []),
        "",
        _POSTINGS.format(facts=", ".join(f"`{one}`" for one in FACTS),
                         identity=", ".join(f"`{one}`" for one in IDENTITY)),
        "| dataset | digests | SHA-256 of the file begins with | built anew | compared | differ |",
        "| --- | --- | --- | --- | --- | --- |",
        *map(_dataset, proof.files, proof.postings),
        "",
        _TABLES,
        "| table or query | rows | columns compared | rows that differ |",
        "| --- | --- | --- | --- |",
        *map(_table, proof.tables),
        "",
        _NOT_KEPT,
        "| table | columns, and rows that differ in each | of which rows | why |",
        "| --- | --- | --- | --- |",
        *(_left_out(one, proof.tables) for one in LEFT_OUT),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _n_differing(one: Postings) -> int:
    return sum(one.differing.values()) + abs(one.n_texts - one.n_digests)


def _dataset(file: File, postings: Postings) -> str:
    built = "the same" if file.sha256 == file.sha256_rebuilt else "differs"
    return (
        f"| `{file.dataset}` | {file.rows:,} | `{file.sha256[:HASH_LENGTH]}` | {built} "
        f"| {postings.n_compared:,} | {_n_differing(postings):,} |"
    )


def _is_left_out(one: Table) -> bool:
    return "all" in one.left_out


def _table(one: Table) -> str:
    if _is_left_out(one):
        return f"| `{one.name}` | {one.rows:,} | none of {one.n_columns} | not compared |"
    few = f"{one.n_columns - len(one.left_out)} of " if one.left_out else ""
    return f"| `{one.name}` | {one.rows:,} | {few}{one.n_columns} | {one.n_differing:,} |"


def _left_out(one: LeftOut, tables: Sequence[Table]) -> str:
    of = next((table for table in tables if table.name == one.table), None)
    counted = of.left_out if of else {}
    columns = ", ".join(f"`{column}` {counted.get(column, 0):,}" for column in one.columns)
    where = "all" if one.where == "true" else f"`{one.where}`"
    shown = columns or f"all, {counted.get('all', 0):,}"
    return f"| `{one.table}` | {shown} | {where} | {one.why} |"

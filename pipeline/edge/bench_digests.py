"""A corpus of any size for the benchmarks: the embedded digests, drawn again and again.

Layer:   edge (disk; used by bench_* only). The same size and seed always give the same digests.
Quirk:   a canonical posting is drawn with all its duplicates, which point to it under its new id:
         so the duplicate rate stays the corpus's. Employer and date are drawn anew for each draw;
         the dates of a group move together, so that a repost stays as far from its original.
"""

from __future__ import annotations

import hashlib
import math
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.edge.reference import DIGEST_SCHEMA, folder

_ROWS = 50_000  # drawn at a time, and a row group of the files
_MORE = 50  # groups drawn beyond those expected to suffice
_DRAWN = ("posting_id", "source_id", "url", "employer", "posted_on", "duplicate_of", "content_hash")


def write_digests_of(target: Path, count: int, *, seed: int = 7) -> None:
    """Write `count` digests as a reference folder: a file a dataset, and its datasets.toml."""
    target.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(folder() / "datasets.toml", target / "datasets.toml")
    paths = sorted(folder().glob("*.parquet"))
    tables = [pq.read_table(path) for path in paths]
    files = np.repeat(np.arange(len(paths)), [table.num_rows for table in tables])
    corpus = pa.concat_tables(tables, promote_options="permissive").combine_chunks()
    chance = np.random.default_rng(seed)
    rows, draws = _draw(corpus, count, chance)
    employers = chance.integers(0, corpus.num_rows, draws.max() + 1)
    shifts = _shifts(corpus, files, rows, draws, chance)
    for number, path in enumerate(paths):
        chosen = np.flatnonzero(files[rows] == number)
        if len(chosen):
            with pq.ParquetWriter(target / path.name, DIGEST_SCHEMA, compression="zstd") as file:
                for at in range(0, len(chosen), _ROWS):
                    some = chosen[at : at + _ROWS]
                    table = corpus.take(rows[some])
                    names = corpus["employer"].take(employers[draws[some]])
                    file.write_table(_anew(table, names, draws[some], shifts[some]))


def duplicate_rate() -> float:
    """Return the share of the embedded digests that are duplicates, 0 to 1."""
    columns = [pq.read_table(path, columns=["duplicate_of"]) for path in folder().glob("*.parquet")]
    marked = pc.not_equal(pa.concat_tables(columns)["duplicate_of"], "")
    return pc.mean(marked).as_py()


def _draw(
    corpus: pa.Table, count: int, chance: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows drawn, a canonical one before its duplicates, and the draw of each."""
    marked = pc.not_equal(corpus["duplicate_of"], "")
    keys = pc.if_else(marked, corpus["duplicate_of"], corpus["posting_id"])
    groups = pc.dictionary_encode(keys).combine_chunks().indices.to_numpy()
    order = np.lexsort((marked.to_numpy(), groups))
    sizes = np.bincount(groups)
    starts = np.cumsum(sizes) - sizes
    # drawn evenly from the smallest group to the largest: a few dozen large ones hold so many of
    # the duplicates that chance alone would make the rate of a small draw anything
    draws = _MORE + math.ceil(1.01 * count * len(sizes) / corpus.num_rows)
    by_size = np.lexsort((chance.random(len(sizes)), sizes))
    places = (np.arange(draws) + chance.random(draws)) * (len(sizes) / draws)
    drawn = chance.permutation(by_size[np.minimum(places.astype(int), len(sizes) - 1)])
    lengths = sizes[drawn]
    within = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    rows = order[np.repeat(starts[drawn], lengths) + within]
    # the last group is cut short where it would be too many
    return rows[:count], np.repeat(np.arange(len(drawn)), lengths)[:count]


def _shifts(
    corpus: pa.Table,
    files: np.ndarray,
    rows: np.ndarray,
    draws: np.ndarray,
    chance: np.random.Generator,
) -> np.ndarray:
    """Return by how many days each drawn row moves: to any day that its dataset spans."""
    days = corpus["posted_on"].cast(pa.int32()).to_numpy().astype(float)  # undated: nan
    dated = (~np.isnan(days)) & pc.equal(corpus["date_kind"], "real").to_numpy()
    firsts = rows[np.flatnonzero(np.diff(draws, prepend=-1))]
    shifts = np.zeros(len(firsts))
    span = np.full((2, files.max() + 1), np.nan)
    for number in np.unique(files[dated]):
        own = days[dated & (files == number)]
        span[:, number] = own.min(), own.max()
        drawn = np.flatnonzero(dated[firsts] & (files[firsts] == number))
        # any day of its span: at many times their number the ads of a thin month would look like
        # a month that went missing
        anew = chance.integers(own.min(), own.max() + 1, len(drawn))
        shifts[drawn] = anew - days[firsts[drawn]]
    # a duplicate far from its original stays within the days of its dataset
    least, most = np.where(dated[rows], span[:, files[rows]] - days[rows], 0)
    return np.clip(shifts[draws], least, most).astype(int)


def _anew(
    table: pa.Table, employers: pa.ChunkedArray, draws: np.ndarray, shifts: np.ndarray
) -> pa.Table:
    """Return digests under the ids, employers, days and content hashes of their draws."""
    old = {name: table[name].to_pylist() for name in _DRAWN}
    new: dict[str, list[Any]] = {name: [] for name in _DRAWN}
    new["employer"] = employers.to_pylist()
    new["url"] = [""] * table.num_rows  # it would lead to the ad the digest was drawn from
    for place, (draw, shift) in enumerate(zip(draws.tolist(), shifts.tolist(), strict=True)):
        posting_id = _drawn_id(old["posting_id"][place], draw)
        canonical, day = old["duplicate_of"][place], old["posted_on"][place]
        words = f"{draw} {old['content_hash'][place]}"
        new["posting_id"].append(posting_id)
        new["source_id"].append(posting_id.partition(":")[2])
        new["duplicate_of"].append(_drawn_id(canonical, draw) if canonical else "")
        new["posted_on"].append(day + timedelta(days=shift) if day else None)
        new["content_hash"].append(hashlib.sha256(words.encode()).hexdigest()[:16])
    for name, values in new.items():
        at = table.column_names.index(name)
        table = table.set_column(at, name, pa.array(values, DIGEST_SCHEMA.field(name).type))
    return table.select(DIGEST_SCHEMA.names).cast(DIGEST_SCHEMA)


def _drawn_id(posting_id: str, draw: int) -> str:
    return f"{posting_id}.{draw}"

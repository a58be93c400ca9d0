"""The benchmarks of `jobmarket bench`: extract, side-by-side, nightly, build, query, site.

Layer:   edge. Each returns plain values, ready to be printed as JSON. What is compared is measured
         side by side in one run: the ratios hold on any machine, the seconds on this one only.
"""

from __future__ import annotations

from pipeline.edge.bench_build import build
from pipeline.edge.bench_extract import extract
from pipeline.edge.bench_nightly import nightly
from pipeline.edge.bench_query import query
from pipeline.edge.bench_side_by_side import side_by_side
from pipeline.edge.bench_site import site

__all__ = ["build", "extract", "nightly", "query", "side_by_side", "site"]

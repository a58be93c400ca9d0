"""Which queries of sql/adhoc have a twin in pandas, and what of the warehouse that takes.

Layer:   edge (used by bench_query only). A query over tables that stay small needs no twin.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pandas as pd

from pipeline.edge import bench_answers
from pipeline.edge.bench_pandas import Frames, reads


class Twin(NamedTuple):
    """One query in pandas. reads: the columns of each table it takes, with spaces between."""

    reads: dict[str, str]
    answer: Callable[[Frames], pd.DataFrame]


TWINS: dict[str, Twin] = {
    "share_by_year": Twin(
        {"mart.demand_by_month": "month source_family framework n_naming n_dl_postings"},
        bench_answers.share_by_year,
    ),
    "clouds_beside_frameworks": Twin(
        {
            "mart.framework_traits": "time_window source_family trait label framework n_naming "
            "n_framework"
        },
        bench_answers.clouds,
    ),
    "framework_by_country": Twin(
        {
            "mart.framework_demand": "source region country metro role employer_kind framework "
            "n_naming n_dl_postings"
        },
        bench_answers.by_country,
    ),
    "examples_of_a_framework": Twin(
        {
            "core.mentions": "posting_no framework requirement char_start snippet",
            "core.postings": "posting_id posting_no posted_on employer title source url "
            "duplicate_of",
        },
        bench_answers.examples,
    ),
    "copies_by_source": Twin(
        {"core.postings": "source duplicate_of duplicate_reason"},
        bench_answers.copies,
    ),
    "employers_asking_for_jax": Twin(
        reads(postings="posted_on date_kind")
        | {"core.employers": "employer_id name employer_kind"},
        bench_answers.jax,
    ),
    "framework_by_metro": Twin(reads("metro", "posted_on date_kind"), bench_answers.by_metro),
    "frameworks_beside_pytorch": Twin(reads(), bench_answers.beside),
    "frameworks_for_beginners": Twin(reads("seniority"), bench_answers.beginners),
    "lead_by_role": Twin(reads("role"), bench_answers.lead),
    "open_on_a_day": Twin(
        {
            "core.postings": "posting_no employer_id duplicate_of source employer is_ai posted_on "
            "date_kind first_seen_on last_seen_on closed_on"
        },
        bench_answers.open,
    ),
    "pay_by_framework": Twin(
        reads(postings="is_ai posted_on date_kind salary_min_year salary_max_year salary_currency"),
        bench_answers.pay,
    ),
    "pytorch_by_quarter": Twin(
        reads(postings="source_family posted_on date_kind"),
        bench_answers.by_quarter,
    ),
    "skills_of_ml_engineers": Twin(
        {
            "core.postings": "posting_no employer_id duplicate_of observes",
            "core.posting_roles": "posting_no role",
            "core.posting_skills": "posting_no skill",
        },
        bench_answers.skills,
    ),
    "workplace_by_year": Twin(
        {
            "core.postings": "posting_no employer_id duplicate_of source_family posted_on "
            "date_kind is_ai workplace"
        },
        bench_answers.workplace,
    ),
}

"""Days that have not come yet: a posting dated ahead is kept, its day is not believed.

Layer:   edge. Between the lake's parts and the tables; what is believed depends on the run's day,
         so the parts keep what was stated.
"""

from __future__ import annotations

import logging
from datetime import date, timedelta

import duckdb

from pipeline.edge.statements import quoted

log = logging.getLogger(__name__)

_FEW_AHEAD = 100  # postings dated ahead that are surely no fault of our clock


def believe(connection: duckdb.DuckDBPyConnection, today: date | None) -> None:
    """Create lake.postings: lake.stated_postings without the days that have not come yet.

    today: the run's day; None where every day is believed
    """
    last = None if today is None else _last_day(connection, today)
    ahead = f"posted_on > {quoted(last.isoformat())}::date" if last else "false"
    connection.execute(f"""
        create view lake.postings as
        select *
            replace (
                if({ahead}, null, posted_on) as posted_on,
                if({ahead}, 'none', date_kind) as date_kind,
                if({ahead}, nullif(first_seen_on, posted_on), first_seen_on) as first_seen_on,
                if({ahead}, nullif(last_seen_on, posted_on), last_seen_on) as last_seen_on
            ),
            if({ahead}, posted_on, null) as dated_ahead_on
        from lake.stated_postings
    """)


def _last_day(connection: duckdb.DuckDBPyConnection, today: date) -> date | None:
    """Return the last day that is believed, None where our own clock may be the wrong one.

    A few days ahead are a source's mistake. Many of them, in several sources, say that the clock
    here is slow: then they stay, and check.no_future_dates lets nothing be published.
    """
    last = today + timedelta(days=1)  # in Auckland it is tomorrow already
    n_ahead, n_dated, n_sources = connection.execute(
        "select count(*) filter (posted_on > $1), count(posted_on), "
        "count(distinct source) filter (posted_on > $1) from lake.stated_postings",
        [last],
    ).fetchall()[0]
    if n_sources > 1 and n_ahead > max(_FEW_AHEAD, 0.02 * n_dated):
        log.warning("%d of %d postings are dated after %s", n_ahead, n_dated, last)
        return None
    return last

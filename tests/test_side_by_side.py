"""Jobs side by side: each ends by itself, and one that never does is left behind."""

from threading import Event

import pytest

from pipeline.edge.archive import Archive
from pipeline.edge.fetch import Fetcher
from pipeline.edge.side_by_side import all_at_once
from pipeline.errors import SourceUnavailable


@pytest.fixture
def fetcher(tmp_path):
    with Fetcher(Archive(tmp_path, {})) as made:
        yield made


def test_a_job_that_never_ends_is_left_behind_and_the_others_are_not(fetcher):
    let_go = Event()
    jobs = {"slow": lambda: let_go.wait(20), "quick": lambda: "done"}
    found = {
        name: ended
        for name, _, ended in all_at_once(fetcher, jobs, {"slow": 0.2, "quick": 9}, grace=0.2)
    }
    let_go.set()
    assert found["quick"] == "done"
    assert isinstance(found["slow"], SourceUnavailable)
    assert str(found["slow"]).startswith("slow: did not end within its 0.2 s; what we have")


def test_an_error_of_one_job_is_a_result_like_any_other(fetcher):
    def broken():
        raise KeyError("title")

    jobs = {"broken": broken, "quick": lambda: "done"}
    found = {name: ended for name, _, ended in all_at_once(fetcher, jobs, dict.fromkeys(jobs, 9.0))}
    assert found["quick"] == "done"
    assert isinstance(found["broken"], KeyError)


def test_jobs_that_wait_for_each_other_all_run_at_once(fetcher):
    met = [Event() for _ in range(20)]

    def job(number):
        met[number].set()
        return all(one.wait(10) for one in met)

    jobs = {str(number): (lambda n=number: job(n)) for number in range(20)}
    ended = [result for _, _, result in all_at_once(fetcher, jobs, dict.fromkeys(jobs, 30.0))]
    assert ended == [True] * 20

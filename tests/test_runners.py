"""Extraction on Dask workers: the same tables, and whatever dies costs no more than its parts."""

import os
import subprocess
import sys
import time

import pytest
import work
from dask_cluster import Cluster, kill
from small_data import Place, ads, clean_environment, files_entry, write_csv

from flows.runners import opener
from pipeline.edge import runners, workers
from pipeline.edge.extraction import extract_part
from pipeline.errors import PipelineError, WorkerLost

pytestmark = [pytest.mark.flow]
FILES, EACH = 8, 250
SLOW = 400  # seconds after which a run on a busy machine is taken to hang


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    with Cluster(tmp_path_factory.mktemp("cluster")) as cluster:
        cluster.start_workers(2)
        yield cluster


def _place(folder):
    """Return a place with postings in the lake, a part a file, that nothing has read yet."""
    folder.mkdir()
    place = Place(folder)
    place.config(files_entry("board", "*.csv"))
    for number in range(FILES):
        write_csv(folder / f"{number}.csv", ads(EACH, number * 1_000))
    done = place.run("ingest", patience=SLOW)
    assert done.code == 0, done.err
    return place


@pytest.fixture(scope="module")
def local(tmp_path_factory):
    """Return the hashes of the tables that the processes of this machine publish."""
    place = _place(tmp_path_factory.mktemp("local") / "place")
    done = place.run("build", patience=SLOW)
    assert done.code == 0, done.err
    return place.hashes()


def _on(cluster):
    return ["--runner", "dask", "--dask-address", cluster.address]


def _facts(place):
    return {path.name: path.stat() for path in (place.data / "lake/board").glob("*.facts.parquet")}


def test_two_dask_workers_publish_the_tables_that_the_local_run_does(cluster, local, tmp_path):
    place = _place(tmp_path / "place")
    done = place.run("run", *_on(cluster), patience=SLOW)
    assert done.code == 0, done.err
    assert place.hashes() == local
    place.expect_no_process()


def test_a_cluster_of_its_own_is_started_and_ended_where_no_address_is_given(local, tmp_path):
    place = _place(tmp_path / "place")
    done = place.run("build", "--runner", "dask", patience=SLOW)
    assert done.code == 0, done.err
    assert place.hashes() == local
    place.expect_no_process()


def test_a_worker_killed_in_mid_run_costs_only_the_parts_it_held(local, tmp_path):
    place = _place(tmp_path / "place")
    with Cluster(tmp_path) as cluster:
        cluster.start_workers(2)
        with place.start("build", *_on(cluster)) as run:
            while run.poll() is None and len(_facts(place)) < 3:
                time.sleep(0.01)
            kill(cluster.workers[0])
            there = _facts(place)
            _, err = run.communicate(timeout=SLOW)
    assert len(there) < FILES, "everything was read before the worker was killed"
    assert run.returncode == 0, err.decode()
    assert place.hashes() == local
    after = _facts(place)
    again = [name for name, one in there.items() if after[name].st_ino != one.st_ino]
    assert len(again) <= 2  # what the dead worker had just written and not yet told of


def test_without_its_scheduler_a_run_ends_in_one_line_and_the_next_does_the_rest(local, tmp_path):
    place = _place(tmp_path / "place")
    with Cluster(tmp_path) as cluster:
        cluster.start_workers(1)
        with place.start("build", *_on(cluster)) as run:
            while run.poll() is None and len(_facts(place)) < 2:
                time.sleep(0.01)
            kill(cluster.scheduler)
            _, err = run.communicate(timeout=SLOW)
    assert run.returncode == 1
    last = err.decode().splitlines()[-1]
    assert last.startswith("jobmarket: ")
    assert "run again" in last
    there = _facts(place)
    assert place.run("build", patience=SLOW).code == 0
    assert place.hashes() == local
    assert all(_facts(place)[name].st_ino == one.st_ino for name, one in there.items())


@pytest.mark.parametrize("runner", ["local", "dask"])
def test_a_part_that_fails_three_times_is_set_aside_by_name_and_the_rest_published(
    runner, cluster, local, tmp_path
):
    place = _place(tmp_path / "place")
    # reads every part to its end, and notes its size and time
    assert place.run("ingest", patience=SLOW).code == 0
    broken = sorted((place.data / "lake/board").glob("*.postings.parquet"))[0]
    whole = broken.read_bytes()
    _garble(broken)
    options = _on(cluster) if runner == "dask" else []
    done = place.run("build", *options, patience=SLOW)
    assert done.code == 3, done.err
    name = broken.name.partition(".")[0]
    assert [line for line in done.errors if f"board: part {name} could not be read" in line]
    kept = "select count(*) from core.postings"
    assert place.ask(kept) == [((FILES - 1) * EACH,)]
    assert name in place.run("status").out
    _write_as_before(broken, whole)
    done = place.run("build", *options, patience=SLOW)
    assert done.code == 0, done.err
    assert place.hashes() == local


def _garble(path):
    """Spoil what a file holds, as a bad disk does: neither its size nor its time tell."""
    body = bytearray(path.read_bytes())
    body[8 : len(body) // 2] = bytes(len(body) // 2 - 8)
    _write_as_before(path, bytes(body))


def _write_as_before(path, body):
    status = path.stat()
    path.write_bytes(body)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def _opened(name, cluster):
    return opener(name, cluster.address if name == "dask" else "")


@pytest.fixture(params=["local", "dask"])
def ended(request, cluster, tmp_path, monkeypatch):
    """Return what runs a function on the numbers 0 to 7: what came back, and what was lost."""
    monkeypatch.setattr(runners, "PAUSES", (0.0, 0.0))

    def run(function):
        lost = []
        with _opened(request.param, cluster)() as runner:
            jobs = [(str(tmp_path), number) for number in range(8)]
            got = sorted(runners.done(runner, function, jobs, lost))
        return got, [(job[1], reason) for job, reason in lost]

    return run


def test_every_job_is_run_once(ended, tmp_path):
    assert ended(work.count) == (list(range(8)), [])
    assert [work.begun(tmp_path, number) for number in range(8)] == [1] * 8


def test_what_fails_twice_for_a_while_is_read_at_the_third_try(ended):
    assert ended(work.fail_twice) == (list(range(8)), [])


def test_what_fails_three_times_is_lost_with_its_reason_and_nothing_else(ended, tmp_path):
    got, lost = ended(work.fail_on_three)
    assert got == [0, 1, 2, 4, 5, 6, 7]
    assert lost == [(3, "ValueError: three cannot be read")]
    assert work.begun(tmp_path, 3) == 3


def test_a_job_that_kills_its_local_worker_takes_no_other_job_with_it(tmp_path, monkeypatch):
    monkeypatch.setattr(runners, "PAUSES", (0.0, 0.0))
    lost = []
    with runners.processes() as runner:
        jobs = [(str(tmp_path), number) for number in range(8)]
        got = sorted(runners.done(runner, work.die_of_three, jobs, lost))
    assert got == [0, 1, 2, 4, 5, 6, 7]
    assert [job[1] for job, _ in lost] == [3]
    assert set(workers.run(work.count, jobs)) == set(range(8))  # not the next stage's loss either
    jobs = [(str(tmp_path), 3)]
    with pytest.raises(WorkerLost, match="a worker process was killed"):
        list(workers.run(work.die_of_three, jobs))
    assert list(workers.run_in_order(work.count, jobs)) == [3]


def test_a_job_that_kills_its_dask_worker_takes_no_other_job_with_it(tmp_path, monkeypatch):
    monkeypatch.setattr(runners, "PAUSES", (0.0, 0.0))
    lost = []
    with opener("dask")() as runner:
        jobs = [(str(tmp_path), number) for number in range(8)]
        got = sorted(runners.done(runner, work.die_of_three, jobs, lost))
    assert got == [0, 1, 2, 4, 5, 6, 7]
    assert [job[1] for job, _ in lost] == [3]
    assert work.begun(tmp_path, 3) == 3


def test_without_a_worker_a_run_waits_says_so_and_ends_with_what_to_start(
    tmp_path, monkeypatch, caplog
):
    monkeypatch.setattr(runners, "LOOK", 0.1)
    monkeypatch.setattr(runners, "PATIENCE", 1.0)
    with Cluster(tmp_path) as cluster:
        cluster.start_workers(1)
        with (
            _opened("dask", cluster)() as runner,
            pytest.raises(PipelineError, match="none came within") as ended,
        ):
            # for good: nothing starts this worker again
            list(runners.done(runner, work.die_of_three, [(str(tmp_path), 3)], []))
    start = f"start some with `dask worker {cluster.address} --nthreads 1`"
    assert start in str(ended.value)
    (said,) = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert start in said


def test_a_worker_of_other_code_stops_the_run_at_once(cluster, tmp_path):
    lost = []
    job = (str(tmp_path), "board", "a-0", "0" * 12)
    with (
        _opened("dask", cluster)() as runner,
        pytest.raises(PipelineError, match="expected extractor 000000000000"),
    ):
        list(runners.done(runner, extract_part, [job], lost))
    assert lost == []


def test_where_no_scheduler_answers_one_line_says_so(tmp_path):
    place = _place(tmp_path / "place")
    done = place.run("build", "--runner", "dask", "--dask-address", "tcp://127.0.0.1:9")
    assert done.code == 1
    assert "expected a Dask scheduler" in done.err.splitlines()[-1]


def test_without_the_extra_one_line_says_what_to_install(tmp_path):
    script = (
        "import sys; sys.modules['prefect_dask'] = None; from pipeline.cli import main; "
        "sys.exit(main(['run', '--runner', 'dask']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path, env=clean_environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "pip install 'prefect-dask>=0.3.7'" in done.stderr


def test_an_address_without_the_runner_is_refused(tmp_path):
    done = Place(tmp_path).run("build", "--dask-address", "tcp://127.0.0.1:9")
    assert done.code == 2
    assert "--runner dask" in done.err

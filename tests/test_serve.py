"""The flow on a real Prefect server of the user's, on loopback: on its schedule, from a work pool,
run by hand, and where two runs meet."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest
from small_data import Done, Place, ads, clean_environment, files_entry, write_csv

from pipeline.edge.runs import only_writer
from pipeline.edge.settings import read_settings

pytestmark = [pytest.mark.flow]
ROOT = Path(__file__).resolve().parents[1]
TASKS = {"ingest", "extract", "build", "judge", "check", "publish"}


class Api:
    """Prefect's REST interface."""

    def __init__(self, url):
        self.url = url

    def __call__(self, path, body=None, method=None):
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = Request(f"{self.url}/{path}", data, headers, method=method)
        for attempt in range(10):
            try:
                with urlopen(request, timeout=30) as answer:
                    return json.loads(answer.read() or "null")
            except HTTPError as refused:
                # a server whose SQLite file is being written to says so; Prefect's client waits
                if refused.code != 503 or attempt == 9:
                    raise
                time.sleep(1)
        raise AssertionError("unreachable: the last attempt returns or raises")

    def until(self, what, ready, seconds):
        """Ask until the answer is as wanted, and return it."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                found = what()
            except (URLError, ConnectionError):
                found = None  # not up yet
            if found and ready(found):
                return found
            time.sleep(0.2)
        raise AssertionError(f"not within {seconds} s; last seen: {found}")


def _end(process, how=signal.SIGINT):
    """End a process that this test started, and what it started in its session."""
    if process.poll() is None:
        process.send_signal(how)
        with suppress(subprocess.TimeoutExpired):
            process.wait(15)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)


@contextmanager
def _server(folder):
    """Run `prefect server start` on a free port with a home of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = clean_environment() | {
        "PREFECT_HOME": str(folder),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "1",  # a schedule moved is seen at once
        "DO_NOT_TRACK": "1",
    }
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1",
             "--port", str(port)],
            env=env, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
        try:
            api = Api(f"http://127.0.0.1:{port}/api")
            api.until(lambda: api("health"), bool, 120)
            yield api
        finally:
            _end(process)


class Served:
    """One deployment served until its schedule fired, one in a work pool, and a run by hand."""

    def __init__(self, folder, api):
        self.api = api
        self.place = place = Place(folder)
        write_csv(folder / "a.csv", ads(40))
        (folder / "empty.csv").write_bytes(b"")
        place.config(files_entry("board", "a.csv"), files_entry("empty", "empty.csv"))
        place.env |= {
            "PREFECT_API_URL": api.url,
            "PREFECT_RUNNER_POLL_FREQUENCY": "2",
            "PREFECT_WORKER_QUERY_SECONDS": "2",
            "PREFECT_HOME": str(folder / "worker"),
        }
        with self.under_way("serve", ["-m", "pipeline.cli", "serve", "--cron", "17 4 * * *"]):
            self.deployment = api.until(
                lambda: _named(api, "nightly"), lambda found: not found["paused"], 90
            )
            self.scheduled = self._ended(self._fires()["id"], 240)
        self.after_serve = place.ask("select count(*) from core.postings")
        write_csv(folder / "a.csv", ads(45))
        self._in_pool()
        write_csv(folder / "a.csv", ads(50))
        self._by_hand()
        runs = api("flow_runs/filter", {"sort": "START_TIME_DESC"})
        self.all_runs = [run for run in runs if run["state_type"] != "SCHEDULED"]

    @contextmanager
    def under_way(self, name, command):
        """Run a program of the user's for a while; its output goes to NAME.log."""
        path = self.place.folder / f"{name}.log"
        with path.open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, *command],
                cwd=self.place.folder, env=clean_environment() | self.place.env,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
            try:
                yield
            finally:
                _end(process)

    def log(self, name):
        return (self.place.folder / f"{name}.log").read_text()

    def _fires(self):
        """Move the schedule to a moment that comes soon, once; return the run that it starts."""
        soon = datetime.now(UTC) + timedelta(seconds=12)
        (schedule,) = self.deployment["schedules"]
        where = f"deployments/{self.deployment['id']}/schedules/{schedule['id']}"
        cron = f"{soon:%M} {soon:%H} * * * {soon:%S}"  # the sixth field: seconds
        self.api(where, {"schedule": {"cron": cron, "timezone": "UTC"}}, "PATCH")
        mine = {"deployments": {"id": {"any_": [self.deployment["id"]]}}}
        (run,) = self.api.until(
            lambda: [
                one
                for one in self.api("flow_runs/filter", mine)
                if one["start_time"] and one["auto_scheduled"]
            ],
            bool, 240,
        )  # fmt: skip
        return run

    def _in_pool(self):
        """Deploy prefect.yaml to a work pool; a worker takes two runs, the first meets another."""
        place, api = self.place, self.api
        place.env["JOBMARKET_HOME"] = str(place.folder)
        shutil.copy(ROOT / "prefect.yaml", place.folder)
        api("work_pools/", {"name": "jobmarket", "type": "process"})
        with self.under_way("deploy", ["-m", "prefect", "--no-prompt", "deploy", "--all"]):
            self.pooled = api.until(lambda: _named(api, "pool"), bool, 90)
        start = f"deployments/{self.pooled['id']}/create_flow_run"
        with self.under_way("worker", ["-m", "prefect", "worker", "start", "--pool", "jobmarket"]):
            with only_writer(read_settings(place.data, place.folder / "jobmarket.toml")):
                self.skipped = self._ended(api(start, {})["id"], 240)
            self.in_pool = self._ended(api(start, {})["id"], 240)
        self.after_pool = place.ask("select count(*) from core.postings")

    def _by_hand(self):
        """Run the flow by hand, and kill the first process that works for it."""
        with self.place.start("run") as run:
            while not (workers := self._workers()):
                assert run.poll() is None, run.communicate()
                time.sleep(0.05)
            os.kill(workers[0], signal.SIGKILL)
            out, err = run.communicate(timeout=120)
        self.by_hand = Done(run.returncode, out.decode(), err.decode())

    def _workers(self):
        return [one for one, line in self.place.processes().items() if "spawn_main" in line]

    def _ended(self, run_id, seconds):
        final = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}
        return self.api.until(
            lambda: self.api(f"flow_runs/{run_id}"), lambda run: run["state_type"] in final, seconds
        )

    def tasks(self, run_id):
        return self.api("task_runs/filter", {"flow_runs": {"id": {"any_": [run_id]}}})

    def artifacts(self, run_id):
        """Return the data of a run's artifacts by key."""
        found = self.api("artifacts/filter", {"flow_runs": {"id": {"any_": [run_id]}}})
        return {one["key"]: one["data"] for one in found}


def _named(api, name):
    try:
        return api(f"deployments/name/nightly/{name}")
    except URLError:
        return None


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with _server(tmp_path_factory.mktemp("prefect")) as api:
        yield Served(tmp_path_factory.mktemp("serve"), api)


def test_serve_registers_the_deployment_with_its_schedule(served):
    (schedule,) = served.deployment["schedules"]
    assert schedule["active"]
    assert schedule["schedule"]["cron"] == "17 4 * * *"


def test_parameters_of_the_deployment_hold_wherever_it_runs(served):
    for one in (served.deployment, served.pooled):
        assert one["parameters"]["data"] == str(served.place.data)
        assert one["parameters"]["config"] == str(served.place.folder / "jobmarket.toml")


def test_a_scheduled_run_fires_completes_and_publishes(served):
    assert served.scheduled["auto_scheduled"]
    assert served.scheduled["state_type"] == "COMPLETED", served.log("serve")
    assert served.after_serve == [(40,)]


def test_every_stage_is_one_task_of_the_run_with_its_time(served):
    found = served.tasks(served.scheduled["id"])
    assert {one["name"].rpartition("-")[0] for one in found} == TASKS
    assert len(found) == len(TASKS)
    assert {one["state_type"] for one in found} == {"COMPLETED"}
    assert all(one["total_run_time"] > 0 and one["run_count"] == 1 for one in found)


def test_the_run_leaves_a_table_of_its_sources(served):
    artifacts = served.artifacts(served.scheduled["id"])
    rows = {row["source"]: row for row in json.loads(artifacts["nightly-sources"])}
    assert (rows["board"]["verdict"], rows["board"]["kept"]) == ("complete", 40)
    assert rows["empty"]["verdict"] == "failed"


def test_the_run_leaves_a_summary_of_sources_counts_stages_and_verdicts(served):
    page = served.artifacts(served.scheduled["id"])["nightly-summary"]
    assert ": published\n" in page.splitlines(keepends=True)[0]
    assert "| board | complete | 40 | 40 | 0 | 40 | 0 | 0 |" in page
    assert "| all |  | 40 | 40 | 0 | 40 | 0 | 0 |" in page
    assert "None was published as changed." in page
    assert all(f"| {stage} | " in page for stage in TASKS)
    assert " passed, 0 failed." in page


def test_the_log_of_a_served_run_names_the_source_that_failed(served):
    logs = served.api("logs/filter", {"logs": {"flow_run_id": {"any_": [served.scheduled["id"]]}}})
    assert any("empty.csv: the file is empty" in line["message"] for line in logs)


def test_a_run_that_meets_another_one_skips_and_says_why(served):
    state = served.skipped["state"]
    assert (state["type"], state["name"]) == ("CANCELLED", "Skipped"), served.log("worker")
    assert "another run is writing here" in state["message"]
    assert served.tasks(served.skipped["id"]) == []


def test_a_run_of_the_work_pool_completes_and_publishes(served):
    assert served.in_pool["state_type"] == "COMPLETED", served.log("worker")
    assert served.after_pool == [(45,)]
    assert served.pooled["schedules"][0]["schedule"]["cron"] == "0 3 * * *"
    assert "nightly-summary" in served.artifacts(served.in_pool["id"])


def test_a_run_by_hand_uses_the_server_that_the_environment_names(served):
    assert served.by_hand.code == 3, served.by_hand.err
    assert served.place.ask("select count(*) from core.postings") == [(50,)]
    by_hand = next(run for run in served.all_runs if run["deployment_id"] is None)
    assert by_hand["state_type"] == "COMPLETED"
    assert {one["name"].rpartition("-")[0] for one in served.tasks(by_hand["id"])} == TASKS


def test_a_stage_whose_worker_is_killed_is_tried_again_and_nothing_else_is(served):
    by_hand = next(run for run in served.all_runs if run["deployment_id"] is None)
    counts = sorted(one["run_count"] for one in served.tasks(by_hand["id"]))
    assert counts == [1, 1, 1, 1, 1, 2]
    assert "Traceback" not in served.by_hand.err


def test_no_process_of_any_is_left(served):
    assert served.place.processes() == {}

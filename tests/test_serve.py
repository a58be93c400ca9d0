"""The flow on a real Prefect server of the user's, on loopback: served, triggered, run by hand."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest
from small_data import Place, ads, clean_environment, files_entry, write_csv

pytestmark = [pytest.mark.flow]
TASKS = {"ingest", "extract", "build", "judge", "check", "publish"}


class Api:
    """Prefect's REST interface."""

    def __init__(self, url):
        self.url = url

    def __call__(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        for attempt in range(10):
            try:
                with urlopen(Request(f"{self.url}/{path}", data, headers), timeout=30) as answer:
                    return json.load(answer)
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
    """One deployment served, triggered once; then one run by hand on the same server."""

    def __init__(self, folder, api):
        self.api = api
        self.place = place = Place(folder)
        write_csv(folder / "a.csv", ads(40))
        (folder / "empty.csv").write_bytes(b"")
        place.config(files_entry("board", "a.csv"), files_entry("empty", "empty.csv"))
        place.env["PREFECT_API_URL"] = api.url
        with (folder / "serve.log").open("wb") as log:
            server = place.start(
                "serve", "--cron", "17 4 * * *", stdout=log, stderr=log, start_new_session=True
            )
            try:
                self.deployment = api.until(
                    lambda: _named(api), lambda found: not found["paused"], 90
                )
                started = api(f"deployments/{self.deployment['id']}/create_flow_run", {})
                self.triggered = self._ended(started["id"], 120)
            finally:
                _end(server)
        self.log = (folder / "serve.log").read_text()
        self.after_serve = place.ask("select count(*) from core.postings")
        write_csv(folder / "a.csv", ads(45))
        self.by_hand = place.run("run")
        runs = api("flow_runs/filter", {"sort": "START_TIME_DESC"})
        self.all_runs = [run for run in runs if run["state_type"] != "SCHEDULED"]

    def _ended(self, run_id, seconds):
        final = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}
        return self.api.until(
            lambda: self.api(f"flow_runs/{run_id}"), lambda run: run["state_type"] in final, seconds
        )

    def tasks(self, run_id):
        return self.api("task_runs/filter", {"flow_runs": {"id": {"any_": [run_id]}}})


def _named(api):
    try:
        return api("deployments/name/nightly/nightly")
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
    parameters = served.deployment["parameters"]
    assert parameters["data"] == str(served.place.data)
    assert parameters["config"] == str(served.place.folder / "jobmarket.toml")


def test_a_triggered_run_completes_and_publishes(served):
    assert served.triggered["state_type"] == "COMPLETED", served.log
    assert served.after_serve == [(40,)]


def test_every_stage_is_one_task_of_the_run(served):
    found = served.tasks(served.triggered["id"])
    assert {one["name"].rpartition("-")[0] for one in found} == TASKS
    assert len(found) == len(TASKS)
    assert {one["state_type"] for one in found} == {"COMPLETED"}


def test_the_run_leaves_a_table_of_its_sources(served):
    found = served.api(
        "artifacts/filter", {"flow_runs": {"id": {"any_": [served.triggered["id"]]}}}
    )
    (artifact,) = [one for one in found if one["key"] == "nightly-sources"]
    rows = {row["source"]: row for row in json.loads(artifact["data"])}
    assert (rows["board"]["verdict"], rows["board"]["kept"]) == ("complete", 40)
    assert rows["empty"]["verdict"] == "failed"


def test_the_log_of_a_served_run_names_the_source_that_failed(served):
    logs = served.api("logs/filter", {"logs": {"flow_run_id": {"any_": [served.triggered["id"]]}}})
    assert any("empty.csv: the file is empty" in line["message"] for line in logs)


def test_a_run_by_hand_uses_the_server_that_the_environment_names(served):
    assert served.by_hand.code == 3, served.by_hand.err
    assert served.place.ask("select count(*) from core.postings") == [(45,)]
    assert len(served.all_runs) == 2
    assert {run["state_type"] for run in served.all_runs} == {"COMPLETED"}
    by_hand = next(run for run in served.all_runs if run["deployment_id"] is None)
    assert {one["name"].rpartition("-")[0] for one in served.tasks(by_hand["id"])} == TASKS


def test_no_process_of_either_is_left(served):
    assert served.place.processes() == {}

"""docs/scheduling.md and prefect.yaml: the units verify, the lines parse, what they name exists."""

import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from prefect.client.schemas.schedules import CronSchedule
from small_data import Place

from pipeline.cli import _parser
from pipeline.edge.config_template import config_template
from pipeline.edge.settings import read_settings
from pipeline.errors import InputError
from pipeline.notice import KINDS

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "docs" / "scheduling.md").read_text(encoding="utf-8")
UNITS = dict(re.findall(r"`/etc/systemd/system/(\S+)`:\n\n```ini\n(.*?)```", TEXT, re.DOTALL))


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


def commands(program):
    """Return the words after a program of ours, wherever the page calls it."""
    calls = re.findall(rf"\.venv/bin/{program} ([^`\n]*)", TEXT)
    return [shlex.split(call.partition(" >>")[0]) for call in calls]


def test_every_call_of_jobmarket_is_one_it_takes():
    assert len(commands("jobmarket")) >= 3
    for words in commands("jobmarket"):
        _parser().parse_args(words)


@pytest.mark.parametrize("words", commands("prefect"), ids=" ".join)
def test_every_call_of_prefect_names_a_command_and_options_it_has(words):
    named = [word for word in words if not word.startswith("-")][: 1 + (words[0] == "work-pool")]
    named += ["start"] * (words[0] in {"server", "worker"})
    asked = [sys.executable, "-m", "prefect", *named, "--help"]
    said = subprocess.run(asked, capture_output=True, text=True, timeout=120, check=True).stdout
    for option in (word for word in words if word.startswith("--") and word != "--no-prompt"):
        assert option in said


def test_the_crontab_is_settings_and_lines_of_five_fields_and_a_command():
    (crontab,) = blocks("crontab")
    lines = [line for line in crontab.splitlines() if not re.match(r"\w+=", line)]
    assert lines
    for line in lines:
        *when, command = line.split(maxsplit=5)
        assert CronSchedule(cron=" ".join(when)).cron
        assert "%" not in command  # cron would read it as the end of the line
        assert subprocess.run(["sh", "-nc", command], check=False).returncode == 0


def test_the_units_are_verified_by_systemd(tmp_path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not here")
    program = tmp_path / ".venv" / "bin" / "jobmarket"
    program.parent.mkdir(parents=True)
    program.symlink_to(sys.executable)
    for name, text in UNITS.items():
        (tmp_path / name).write_text(text.replace("/srv/jobmarket", str(tmp_path)))
    done = subprocess.run(
        ["systemd-analyze", "verify", *(tmp_path / name for name in UNITS)],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    ours = [line for line in done.stderr.splitlines() if "jobmarket" in line]
    assert ours == []
    assert len(UNITS) == 2


def test_the_service_ends_a_run_only_after_its_own_time_budget():
    hours = int(re.search(r"TimeoutStartSec=(\d+)h", UNITS["jobmarket.service"])[1])
    assert hours > read_settings().time_budget_hours


def test_the_page_and_the_template_show_the_defaults(tmp_path):
    (page,) = blocks("toml")
    lines = config_template().splitlines()
    first = lines.index("# [notify]")
    shown = [lines[first], *(line for line in lines[first + 1 : first + 4])]
    (tmp_path / "a.toml").write_text(page)
    (tmp_path / "b.toml").write_text("\n".join(line.removeprefix("# ") for line in shown))
    wishes = [read_settings(config=tmp_path / name).notify for name in ("a.toml", "b.toml")]
    assert wishes[0] == wishes[1]
    assert (wishes[0].on, wishes[0].silent_days) == (KINDS, 3)
    assert tomllib.loads(page)["time_budget_hours"] == read_settings().time_budget_hours
    assert "time_budget_hours = 12 " in config_template()
    assert all(f"| `{kind}` |" in page_row for kind, page_row in zip(KINDS, _rows(), strict=True))


def _rows():
    return [line for line in TEXT.splitlines() if line.startswith("| `")]


def test_the_deployment_names_a_flow_and_parameters_that_exist():
    (deployment,) = yaml.safe_load((ROOT / "prefect.yaml").read_text())["deployments"]
    module, _, name = deployment["entrypoint"].rpartition(".")
    flow = getattr(__import__(module, fromlist=[name]), name)
    assert deployment["parameters"].keys() <= flow.parameters.properties.keys()
    assert f"`{flow.name}/{deployment['name']}`" in TEXT
    assert f"--pool {deployment['work_pool']['name']}" in TEXT
    environment = deployment["work_pool"]["job_variables"]["env"]
    assert environment["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("time_budget_hours = -1", "time_budget_hours"),
        ('time_budget_hours = "long"', "time_budget_hours"),
        ('[notify]\nurls = "json://secret"', "urls"),
        ('[notify]\nurl = ["json://secret"]', "'url'"),
        ('[notify]\non = ["all"]', "'all'"),
        ("notify = 3", "notify"),
    ],
)
def test_a_wrong_entry_is_refused_by_its_name_without_showing_an_address(tmp_path, text, words):
    (tmp_path / "wrong.toml").write_text(text)
    with pytest.raises(InputError, match=words) as refused:
        read_settings(config=tmp_path / "wrong.toml")
    assert "wrong.toml" in str(refused.value)
    assert "secret" not in str(refused.value)


def test_serve_without_a_server_says_that_nothing_would_be_started(tmp_path):
    place = Place(tmp_path)
    place.config()
    done = place.run("serve")
    assert done.code == 2
    assert "PREFECT_API_URL" in done.err
    assert len(done.err.splitlines()) == 1

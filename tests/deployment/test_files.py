"""The files for containers are sound, hold no secret and start what the tests start."""

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from compose_spec import PyCompose

pytestmark = pytest.mark.static
ROOT = Path(__file__).resolve().parent.parent.parent
VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^{}]*(?:\$\{\w+\}[^{}]*)?))?\}")
OURS = {"prepare", "web", "worker", "scheduler"}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The variables that `make env` writes, and the file."""
    path = tmp_path_factory.mktemp("env") / ".env"
    subprocess.run(
        [ROOT / "tools/make-env", path], check=True, capture_output=True, env={"PATH": os.environ["PATH"]}
    )
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines), path


def interpolated(value, variables):
    """Return a value as compose would see it; a variable that must be set and is not fails the test."""
    if isinstance(value, dict):
        return {key: interpolated(part, variables) for key, part in value.items()}
    if isinstance(value, list):
        return [interpolated(part, variables) for part in value]
    if not isinstance(value, str):
        return value

    def one(found):
        name, sign, rest = found.groups()
        if variables.get(name):
            return variables[name]
        assert sign != "?", f"make env does not write {name}"
        return interpolated(rest or "", variables)

    return VARIABLE.sub(one, value).replace("$$", "$")


@pytest.fixture(scope="module")
def compose(made):
    return interpolated(yaml.safe_load((ROOT / "docker-compose.yml").read_text()), made[0])


def test_compose_file_follows_the_specification(compose):
    known = {key: part for key, part in compose.items() if not key.startswith("x-")}
    assert set(PyCompose.from_json(json.dumps(known)).to_spec().services) == set(compose["services"])
    broken = json.loads(json.dumps(known))
    broken["services"]["web"]["depend_on"] = ["database"]
    with pytest.raises(ValueError, match="depend_on"):
        PyCompose.from_json(json.dumps(broken)).to_spec()


def test_every_image_is_pinned_and_every_service_has_limits(compose):
    for name, service in compose["services"].items():
        limits = service["deploy"]["resources"]["limits"]
        assert {"cpus", "memory", "pids"} <= set(limits), name
        assert "no-new-privileges:true" in service["security_opt"], name
        if name not in OURS:
            assert re.search(r":\d+\.\d+(\.\d+)?", service["image"]), name
    assert re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.M)[0].count(".") == 2


def test_our_processes_run_without_rights_on_a_file_system_they_cannot_change(compose):
    for name in OURS:
        service = compose["services"][name]
        assert (service["read_only"], service["cap_drop"], service["user"]) == (
            True,
            ["ALL"],
            "10001:10001",
        ), name
    assert "USER 10001:10001" in (ROOT / "Dockerfile").read_text()


def test_start_waits_for_health(compose):
    for name in ("web", "worker", "scheduler"):
        conditions = {key: part["condition"] for key, part in compose["services"][name]["depends_on"].items()}
        assert conditions == {
            "prepare": "service_completed_successfully", "database": "service_healthy", "queue": "service_healthy",
        }  # fmt: skip
    waited_for = {
        other
        for service in compose["services"].values()
        for other, part in service.get("depends_on", {}).items()
        if part["condition"] == "service_healthy"
    }
    for name in waited_for - {"web"}:  # the image of web brings its own
        assert compose["services"][name]["healthcheck"]["test"], name


def test_containers_run_the_commands_that_the_supervisor_runs(compose):
    for name in ("web", "worker", "scheduler"):
        assert compose["services"][name]["command"] == ["python", "manage.py", "process", name]
    assert compose["services"]["prepare"]["command"][2:] == ["run", "--prepare-only", "--no-sample"]


def test_every_variable_of_our_processes_is_a_setting(compose):
    documented = (ROOT / "docs/operations.md").read_text()
    for name in OURS:
        assert {
            key for key in compose["services"][name]["environment"] if f"`{key}`" not in documented
        } == set()


def test_files_hold_no_secret_and_made_ones_are_fresh_and_private(made, tmp_path):
    variables, path = made
    secrets = [value for name, value in variables.items() if re.search("KEY|PASSWORD|TOKEN", name)]
    assert len(set(secrets)) == len(secrets) == 5
    assert all(re.fullmatch("[0-9a-f]{64}", value) for value in secrets)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for line in (ROOT / "docker-compose.yml").read_text().splitlines():
        if found := re.search(r"(PASSWORD|SECRET_KEY|TOKEN): (.*)", line):
            assert found[2].startswith("${") and ":?" in found[2], line
    again = subprocess.run([ROOT / "tools/make-env", path], capture_output=True, text=True)
    assert (again.returncode, "已存在" in again.stderr) == (1, True)


def test_dockerfile_is_sound():
    done = subprocess.run(
        [Path(sys.executable).with_name("hadolint"), "Dockerfile"], cwd=ROOT, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_proxy_configuration_is_valid(made, tmp_path):
    for tls in ("", "tls internal"):
        done = subprocess.run(
            ["caddy", "validate", "--config", "deployment/Caddyfile", "--adapter", "caddyfile"],
            cwd=ROOT, capture_output=True, text=True,
            env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "SITE_HOST": "localhost", "WEB": "127.0.0.1:1", "TLS": tls},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr

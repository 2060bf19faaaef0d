"""The commands of docker-compose.yml on real servers: PostgreSQL, Redis, Elasticsearch, TLS in front, and faults.

Runs inside tools/with-postgres, tools/with-redis and tools/with-elasticsearch, see the Makefile.
"""

import csv
import json
import os
import signal
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
import redis
import yaml

from tests.browser.conftest import free_port
from tests.deployment.test_files import interpolated

pytestmark = pytest.mark.servers
ROOT = Path(__file__).resolve().parent.parent.parent
TOKEN = "t" * 40
TRUSTING = ssl._create_unverified_context()  # the proxy's certificate is its own


@dataclass
class Servers:
    """The running platform: its processes by name, its ports and the environment that compose gives."""

    folder: Path
    environment: dict
    web: int
    counters: int
    outside: int
    running: dict = field(default_factory=dict)

    def start(self, name):
        log = (self.folder / f"{name}.log").open("a")
        command = [sys.executable, "manage.py", "process", name]
        self.running[name] = subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stdout=log, stderr=subprocess.STDOUT
        )

    def kill(self, name):
        """End a process as a power cut would, with all that it started."""
        process = self.running.pop(name)
        children = subprocess.run(
            ["pgrep", "-P", str(process.pid)], capture_output=True, text=True
        ).stdout.split()
        for pid in (process.pid, *map(int, children)):
            os.kill(pid, signal.SIGKILL)
        process.wait()

    def manage(self, *arguments):
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def log(self, name):
        return [
            json.loads(line)
            for line in (self.folder / f"{name}.log").read_text().splitlines()
            if line.startswith("{")
        ]

    def ask(self, path, *, outside=True, port=None, **headers):
        base = f"https://localhost:{self.outside}" if outside else f"http://127.0.0.1:{port or self.web}"
        request = urllib.request.Request(
            base + path, headers={key.replace("_", "-"): value for key, value in headers.items()}
        )
        try:
            with urllib.request.urlopen(request, timeout=30, context=TRUSTING if outside else None) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read().decode()

    def count(self, table, where="TRUE"):
        with psycopg.connect(self.environment["DATABASE_URL"]) as connection:
            return connection.execute(f"SELECT count(*) FROM {table} WHERE {where}").fetchone()[0]

    def execute(self, statement):
        with psycopg.connect(self.environment["DATABASE_URL"]) as connection:
            connection.execute(statement)


def wait_for(condition, what, *, seconds=90):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"after {seconds} s: {what}"
        time.sleep(0.3)


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    for name in ("DATABASE_URL", "REDIS_URL", "ELASTICSEARCH_URL"):
        assert os.environ.get(name), f"{name} is not set: run make test-servers"
    folder = tmp_path_factory.mktemp("servers")
    web, counters, outside, admin = (free_port() for _ in range(4))
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    filled = dict.fromkeys(
        ("SECRET_KEY", "DATABASE_PASSWORD", "REDIS_PASSWORD", "ELASTICSEARCH_PASSWORD"), "x" * 64
    )
    given = interpolated(
        compose["services"]["web"]["environment"], filled | {"SITE_HOST": "localhost", "METRICS_TOKEN": TOKEN}
    )
    environment = {
        **given, "PATH": os.environ["PATH"], "HOME": str(folder), "DATA_DIR": str(folder / "data"), "PORT": str(web),
        "LOG_FORMAT": "json", "METRICS_PORT": str(counters), "SITE_URL": f"https://localhost:{outside}", "PYTHONUNBUFFERED": "1",
        **{name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL", "ELASTICSEARCH_URL")},
        "ELASTICSEARCH_USER": "", "ELASTICSEARCH_PREFIX": "deployment",
    }  # fmt: skip
    servers = Servers(folder, environment, web, counters, outside)
    servers.manage(*compose["services"]["prepare"]["command"][2:])
    for name in ("web", "worker", "scheduler"):
        servers.start(name)
    configuration = folder / "Caddyfile"
    configuration.write_text(
        f"{{\n\tadmin 127.0.0.1:{admin}\n\thttp_port {free_port()}\n\tskip_install_trust\n}}\n"
        + (ROOT / "deployment/Caddyfile").read_text()
    )
    proxy = subprocess.Popen(
        ["caddy", "run", "--config", configuration, "--adapter", "caddyfile"],
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "SITE_HOST": f"localhost:{outside}", "WEB": f"127.0.0.1:{web}", "TLS": "tls internal"},
        stdout=(folder / "proxy.log").open("w"), stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        wait_for(lambda: _answers(servers), "the platform is ready")
        yield servers
    finally:
        for process in (*servers.running.values(), proxy):
            process.terminate()
        for process in (*servers.running.values(), proxy):
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()


def _answers(servers):
    try:
        ready = servers.ask("/readyz", outside=False)
        return (
            ready[0] == 200
            and json.loads(ready[2])["queue"]["worker_silent_seconds"] is not None
            and servers.ask("/")[0] == 200
        )
    except OSError:
        return False


def import_technologies(servers, name, count):
    path = servers.folder / f"{name}.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["技术名称", "技术简介"])
        writer.writerows(
            [f"{name}第{number}号空压机余热回收装置", "回收空压机润滑油热量制取热水"]
            for number in range(count)
        )
    return servers.manage("import_technologies", str(path), "--publish")


def test_platform_answers_behind_tls_and_keeps_its_counters_inside(servers):
    status, headers, body = servers.ask("/", X_Forwarded_For="6.6.6.6")
    assert (status, "节能技术" in body) == (200, True)
    assert "max-age=31536000" in headers["Strict-Transport-Security"]
    status, headers, _body = servers.ask("/accounts/login/")
    assert status == 200
    assert all("Secure" in cookie for cookie in headers.get_all("Set-Cookie"))
    for path in ("/metrics", "/readyz"):
        assert servers.ask(path, Authorization=f"Bearer {TOKEN}")[0] == 404
    status, _headers, body = servers.ask("/metrics", outside=False, Authorization=f"Bearer {TOKEN}")
    assert status == 200
    assert 'http_requests_total{method="GET",route="accounts/login/",status="200"}' in body
    assert 'part_up{part="queue"} 1.0' in body
    assert "tasks_total" in servers.ask("/metrics", outside=False, port=servers.counters)[2]


def test_request_is_found_in_the_log_under_the_id_that_the_visitor_got(servers):
    _status, headers, _body = servers.ask("/technologies/?q=secret-of-visitor")
    wait_for(
        lambda: any(line.get("request_id") == headers["X-Request-ID"] for line in servers.log("web")),
        "the line is logged",
    )
    assert "secret-of-visitor" not in (servers.folder / "web.log").read_text()


def test_import_reaches_lists_and_both_indices_through_the_worker(servers):
    before = servers.count("catalog_technology", "live")
    import_technologies(servers, "甲", 30)
    assert servers.count("catalog_technology", "live") == before + 30
    wait_for(lambda: servers.count("matching_duework") == 0, "the matcher followed")
    wait_for(lambda: servers.count("search_change") == 0, "both indices followed", seconds=180)
    wait_for(
        lambda: (
            json.loads(servers.ask("/readyz", outside=False)[2])["search"].get("engine") == "elasticsearch"
        ),
        "Elasticsearch answers",
        seconds=180,
    )
    assert "甲第7号" in servers.ask("/technologies/?q=%E7%94%B2%E7%AC%AC7%E5%8F%B7")[2]


def test_worker_killed_and_queue_emptied_lose_and_double_nothing(servers):
    broker = redis.Redis.from_url(servers.environment["REDIS_URL"])
    before = servers.count("catalog_technology", "live")
    for number in range(3):
        import_technologies(servers, f"乙{number}", 25)
        servers.kill("worker")
        broker.flushall()
        servers.start("worker")
    assert servers.count("catalog_technology", "live") == before + 75
    # What would be found after ten minutes, and the lease of a dead worker that ends after five, end now.
    servers.execute("UPDATE search_elasticstate SET leased_until = now() - interval '1 second'")
    servers.execute("UPDATE matching_duework SET recorded_at = recorded_at - interval '11 minutes'")
    servers.manage("shell", "-c", "from matching.tasks import make_up; make_up()")
    wait_for(lambda: servers.count("matching_duework") == 0, "the lists followed")
    wait_for(lambda: servers.count("search_change") == 0, "the indices followed", seconds=180)
    doubled = "SELECT count(*) FROM (SELECT title FROM catalog_technology GROUP BY title HAVING count(*) > 1) AS doubled"
    with psycopg.connect(servers.environment["DATABASE_URL"]) as connection:
        assert connection.execute(doubled).fetchone()[0] == 0


def test_pages_answer_while_redis_is_away(servers):
    """A Redis that does not answer at all is worse than one that is gone: pages must not wait for it."""
    broker = redis.Redis.from_url(servers.environment["REDIS_URL"])
    pid = broker.info("server")["process_id"]
    os.kill(pid, signal.SIGSTOP)
    try:
        begin = time.monotonic()
        assert servers.ask("/technologies/?q=%E7%A9%BA%E5%8E%8B%E6%9C%BA")[0] == 200
        assert servers.ask("/accounts/login/")[0] == 200
        assert time.monotonic() - begin < 15
        assert servers.ask("/healthz", outside=False)[0] == 200
        assert servers.ask("/readyz", outside=False)[0] == 503
    finally:
        os.kill(pid, signal.SIGCONT)
    wait_for(lambda: servers.ask("/readyz", outside=False)[0] == 200, "the platform is ready again")


def test_backup_while_it_runs_is_restored_the_same(servers):
    said = servers.manage("backup", str(servers.folder / "backup.tar"))
    assert "核对一致" in said

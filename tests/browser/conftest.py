"""A platform of its own, started as a newcomer starts it, and a browser to look at it."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}


@dataclass
class Site:
    """A running platform: its address, its log and the process that supervises it."""

    address: str
    log: Path
    process: subprocess.Popen

    def last_code(self, recipient: str) -> str:
        """Return the last six-digit code mailed to an address; mails are printed in the log."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            for mail in reversed(self.log.read_text(errors="replace").split("To: ")):
                if recipient in mail and (codes := re.findall(r"\b(\d{6})\b", mail)):
                    return codes[-1]
            time.sleep(0.3)
        raise AssertionError(f"no code was mailed to {recipient}")


def free_port() -> int:
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_up(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=5) as answer:
            return json.load(answer)["status"] == "ok"
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def start(folder: Path, *, port: int | None = None) -> Site:
    """Run `manage.py run` on a data folder and wait until it answers."""
    port = port or free_port()
    log = folder / "log.txt"
    variables = {
        name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_URL", "PYTEST"))
    }
    variables |= {"DATA_DIR": str(folder / "data"), "PORT": str(port), "PYTHONUNBUFFERED": "1"}
    variables.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
    process = subprocess.Popen(
        [sys.executable, "manage.py", "run"],
        cwd=ROOT, env=variables, stdout=log.open("a"), stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    site = Site(f"http://127.0.0.1:{port}", log, process)
    deadline = time.monotonic() + 240
    while not is_up(site.address):
        if process.poll() is not None or time.monotonic() > deadline:
            stop(site)
            raise AssertionError(f"the platform did not start:\n{log.read_text()[-4000:]}")
        time.sleep(0.5)
    return site


def stop(site: Site) -> int:
    """Press Ctrl-C for the supervisor and return its exit status."""
    if site.process.poll() is None:
        site.process.send_signal(signal.SIGINT)
        try:
            return site.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            site.process.kill()
            raise
    return site.process.returncode


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    if address := os.environ.get(
        "BROWSER_TEST_SITE"
    ):  # a platform that runs already, to write journeys against
        yield Site(address, Path(os.environ["BROWSER_TEST_LOG"]), None)
        return
    running = start(tmp_path_factory.mktemp("site"))
    yield running
    stop(running)


@pytest.fixture(scope="session")
def base_url(site):
    return site.address


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {
        **browser_type_launch_args,
        "executable_path": os.environ.get("CHROMIUM", "/usr/bin/chromium"),
        "args": ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking"],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "locale": "zh-CN", "timezone_id": "Asia/Shanghai", "viewport": DESKTOP}


SAMPLE_PASSWORD = "Shili-2026-Yanshi"


def log_in(page, login: str, password: str = SAMPLE_PASSWORD) -> None:
    """Leave any session and log in through the form."""
    page.context.clear_cookies()
    page.goto("/accounts/login/")
    page.locator("[name=login]").fill(login)
    page.locator("[name=password]").fill(password)
    page.get_by_role("main").get_by_role("button", name="登录").click()
    page.wait_for_url(lambda url: "/login/" not in url)


def wait_until(condition, *, seconds: float = 60) -> None:
    """Ask again until background work has made the condition true."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "background work did not get there in time"
        time.sleep(0.5)


def is_wider_than_the_screen(page) -> bool:
    """Whether the page scrolls sideways."""
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1")


@pytest.fixture
def page(page):
    """A page on which an error in the console, a blocked resource or an answer of 500 fails the test."""
    complaints = []

    def note_console(message):
        if message.type == "error" and "Failed to load resource" not in message.text:
            complaints.append(message.text)

    def note_answer(answer):
        if answer.status >= 500 or (answer.status >= 400 and answer.request.resource_type != "document"):
            complaints.append(f"{answer.status} {answer.url}")

    page.on("console", note_console)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("response", note_answer)
    yield page
    assert complaints == []

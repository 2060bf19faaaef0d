"""What a newcomer sees of the supervisor."""

import subprocess
import time

import pytest

from tests.browser.conftest import is_up, start, stop

pytestmark = pytest.mark.browser


def children_of(pid):
    listing = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True).stdout
    direct = [int(word) for word in listing.split()]
    return direct + [grandchild for child in direct for grandchild in children_of(child)]


def test_ctrl_c_ends_everything_and_a_second_start_is_quick_and_keeps_data(tmp_path):
    first = start(tmp_path)
    processes = children_of(first.process.pid)
    assert len(processes) >= 3
    stop(first)
    deadline = time.monotonic() + 15
    while (left := [pid for pid in processes if is_alive(pid)]) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert left == []
    assert not is_up(first.address)
    assert (tmp_path / "data/db.sqlite3").exists()
    size = (tmp_path / "data/db.sqlite3").stat().st_size
    second = start(tmp_path)
    log = second.log.read_text()
    stop(second)
    assert (tmp_path / "data/db.sqlite3").stat().st_size >= size
    assert log.count("正在准备数据库") == 1
    assert "密码" in log


def is_alive(pid):
    state = subprocess.run(
        ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True
    ).stdout.strip()
    return bool(state) and not state.startswith("Z")

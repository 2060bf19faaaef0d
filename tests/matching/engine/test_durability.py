"""An index survives whatever happens while it is written, and damage is noticed before it is used."""

import os
import random
import signal
import sys
import time
import warnings

import pytest

from matching.engine import storage
from matching.engine.index import MatchIndex
from tests.matching.engine.library import COOLING_WATER_NEED, HEAT_PUMP, LIBRARY

WATCHED = {"open", "os.rename", "os.remove", "os.rmdir", "os.mkdir", "tempfile.mkdtemp"}


@pytest.fixture(scope="module")
def versions():
    """Return the index before and after, and the lists that each gives."""
    old, new = MatchIndex.build(LIBRARY, generation=1), MatchIndex.build([HEAT_PUMP], generation=2)
    return old, new, {1: old.rank(COOLING_WATER_NEED), 2: new.rank(COOLING_WATER_NEED)}


def in_a_child(work):
    """Run work in a process of its own that shares nothing but the disk; return how it ended."""
    with warnings.catch_warnings():
        # Linear algebra keeps threads, which a child does without.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    return child


def kill_at(number):
    """Kill this process at the given touch of the disk: opening, renaming, removing, making a folder."""
    seen = 0

    def watch(event, arguments):
        nonlocal seen
        if event in WATCHED:
            if seen == number:
                os.kill(os.getpid(), signal.SIGKILL)
            seen += 1

    sys.addaudithook(watch)


def kill_while_writing(number):
    """Kill this process in the middle of the given file: only a part of its bytes is there."""
    seen = 0
    flush = storage._flush

    def broken_flush(file):
        nonlocal seen
        if seen == number:
            file.flush()
            file.truncate(random.Random(number).randrange(max(1, file.tell())))
            os.kill(os.getpid(), signal.SIGKILL)
        seen += 1
        flush(file)

    storage._flush = broken_flush


@pytest.mark.parametrize("kill", [kill_at, kill_while_writing])
def test_a_kill_at_any_point_of_the_write_leaves_a_usable_index(tmp_path, versions, kill):
    old, new, lists = versions
    storage.save(old, tmp_path)
    for number in range(500):

        def work(number=number):
            kill(number)
            storage.save(new, tmp_path)

        _, status = os.waitpid(in_a_child(work), 0)
        loaded = storage.load(tmp_path)
        assert loaded.rank(COOLING_WATER_NEED) == lists[loaded.generation]
        if not os.WIFSIGNALED(status):
            break
        storage.save(old, tmp_path)
    assert number > 20
    assert loaded.generation == 2


def test_readers_see_whole_versions_while_a_writer_is_killed_at_any_time(tmp_path, versions):
    old, new, lists = versions
    storage.save(old, tmp_path)
    wait = random.Random(3)

    def work():
        while True:
            storage.save(new, tmp_path)
            storage.save(old, tmp_path)

    for _ in range(8):
        child = in_a_child(work)
        until = time.monotonic() + wait.uniform(0.01, 0.25)
        while time.monotonic() < until:
            try:
                loaded = storage.load(tmp_path)
            except storage.IndexUnreadable as reason:
                # Two further versions were written while this one was read: never a wrong one, only none.
                assert "No such file" in str(reason)
                continue
            assert loaded.rank(COOLING_WATER_NEED) == lists[loaded.generation]
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        loaded = storage.load(tmp_path)
        assert loaded.rank(COOLING_WATER_NEED) == lists[loaded.generation]


def test_a_truncated_file_is_noticed_at_any_length(tmp_path, versions):
    version = storage.save(versions[0], tmp_path)
    for path in (*version.iterdir(), tmp_path / "CURRENT"):
        content = path.read_bytes()
        for length in {0, 1, len(content) // 3, len(content) // 2, len(content) - 1}:
            if length < len(content):
                path.write_bytes(content[:length])
                with pytest.raises(storage.IndexUnreadable):
                    storage.load(tmp_path)
        path.write_bytes(content)
    assert storage.load(tmp_path).generation == 1


def test_a_flipped_bit_is_noticed_in_any_file(tmp_path, versions):
    version = storage.save(versions[0], tmp_path)
    chance = random.Random(5)
    for path in (*version.iterdir(), tmp_path / "CURRENT"):
        content = path.read_bytes()
        for _ in range(8):
            damaged = bytearray(content)
            damaged[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
            path.write_bytes(damaged)
            with pytest.raises(storage.IndexUnreadable):
                storage.load(tmp_path)
        path.write_bytes(content)
    assert storage.load(tmp_path).generation == 1

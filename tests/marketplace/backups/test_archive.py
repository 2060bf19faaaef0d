"""A backup holds everything of one moment, and a damaged one is noticed before it is believed."""

import io
import os
import sqlite3
import tarfile
import threading
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from marketplace.backups.archive import Place, check, restore, write_backup
from marketplace.backups.databases import BackupError, digests, empty_database_beside, is_sqlite


def execute(url, *statements):
    if is_sqlite(url):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"), timeout=30)
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        connection.close()
        return
    with psycopg.connect(url) as connection:
        for statement in statements:
            connection.execute(statement)


@pytest.fixture
def place(tmp_path):
    """A small platform: two tables, an upload, a key; on the engine of this run of the tests."""
    home = tmp_path / "home"
    (home / "media/deep").mkdir(parents=True)
    (home / "media/deep/图.png").write_bytes(os.urandom(3000))
    (home / "private").mkdir()
    (home / "secret_key").write_text("key")
    url = settings.DATABASE_URL if not settings.IS_SQLITE else f"sqlite:///{tmp_path / 'home.sqlite3'}"
    with empty_database_beside(url, home) as database:
        execute(
            database,
            "CREATE TABLE listing (id integer PRIMARY KEY, title text, price numeric)",
            "CREATE TABLE empty_one (id integer)",
            *(f"INSERT INTO listing VALUES ({number}, '技术 {number}', {number}.5)" for number in range(50)),
        )
        yield Place(database, {name: home / name for name in ("media", "private")}, home / "secret_key")


@pytest.fixture
def empty_place(place, tmp_path):
    home = tmp_path / "other"
    home.mkdir()
    with empty_database_beside(place.database_url, home) as database:
        yield Place(database, {name: home / name for name in ("media", "private")}, home / "secret_key")


def test_restored_place_is_the_same(place, empty_place, tmp_path):
    manifest = write_backup(place, tmp_path / "b.tar")
    assert manifest["tables"]["listing"]["rows"] == 50
    restore(tmp_path / "b.tar", empty_place)
    assert digests(empty_place.database_url) == digests(place.database_url)
    picture = "media", "deep/图.png"
    assert (empty_place.folders[picture[0]] / picture[1]).read_bytes() == (
        place.folders[picture[0]] / picture[1]
    ).read_bytes()
    assert empty_place.key_file.read_text() == "key"
    assert (tmp_path / "b.tar").stat().st_mode & 0o077 == 0


def test_backup_holds_one_moment_while_rows_are_written(place, tmp_path):
    stop = threading.Event()

    def write():
        number = 1000
        while not stop.is_set():
            execute(
                place.database_url, f"INSERT INTO listing VALUES ({number}, 'x', 1), ({number + 1}, 'y', 1)"
            )
            number += 2

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            manifest = write_backup(place, tmp_path / f"{number}.tar")
            assert manifest["tables"]["listing"]["rows"] % 2 == 0
            check(tmp_path / f"{number}.tar", place.database_url)
    finally:
        stop.set()
        writer.join()


def test_place_with_data_is_not_overwritten(place, tmp_path):
    write_backup(place, tmp_path / "b.tar")
    before = digests(place.database_url)
    with pytest.raises(BackupError, match="不是空的"):
        restore(tmp_path / "b.tar", place)
    empty_folders = {name: tmp_path / "none" / name for name in place.folders}
    with pytest.raises(BackupError, match="目标数据库不是空的"):
        restore(tmp_path / "b.tar", Place(place.database_url, empty_folders, tmp_path / "none/secret_key"))
    assert digests(place.database_url) == before


def rewritten(source: Path, target: Path, change):
    """Copy an archive, passing each entry's name and content through a function."""
    with tarfile.open(source) as old, tarfile.open(target, "w") as new:
        for entry in old:
            name, content = change(entry.name, old.extractfile(entry).read())
            entry.name, entry.size = name, len(content)
            new.addfile(entry, io.BytesIO(content))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda name, content: (name, content[:-1] + b"\0" if name.startswith("media") else content), "已损坏"),
        (lambda name, content: (name, content.replace(b'"rows": 50', b'"rows": 51') if name == "manifest.json" else content), "listing"),
        (lambda name, content: (name, content.replace(b"media/deep", b"media/../..") if name == "manifest.json" else content), "不认识的文件"),
        (lambda name, content: (name, content.replace(b'"format": 1', b'"format": 9') if name == "manifest.json" else content), "格式"),
        (lambda name, content: ("other" if name == "manifest.json" else name, content), "不是完整的备份"),
    ],
    ids=["file changed", "row missing", "leaves the folder", "other version", "no manifest"],
)  # fmt: skip
def test_changed_backup_is_refused(place, tmp_path, change, sentence):
    write_backup(place, tmp_path / "b.tar")
    rewritten(tmp_path / "b.tar", tmp_path / "changed.tar", change)
    with pytest.raises(BackupError, match=sentence):
        check(tmp_path / "changed.tar", place.database_url)


@pytest.mark.parametrize("kept", [0, 100, 0.5, 0.999])
def test_backup_that_was_cut_off_is_refused(place, tmp_path, kept):
    write_backup(place, tmp_path / "b.tar")
    content = (tmp_path / "b.tar").read_bytes()
    size = int(len(content.rstrip(b"\0")) * kept) if isinstance(kept, float) else kept
    (tmp_path / "cut.tar").write_bytes(content[:size])
    with pytest.raises(BackupError):
        check(tmp_path / "cut.tar", place.database_url)


def test_full_disk_leaves_no_half_backup(place, tmp_path, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tarfile.TarFile, "addfile", full)
    with pytest.raises(OSError, match="No space"):
        write_backup(place, tmp_path / "b.tar")
    assert [path for path in tmp_path.iterdir() if path.name != "home"] == []

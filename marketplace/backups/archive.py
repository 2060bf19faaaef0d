"""One file that holds the database, the uploads and what is needed to check them."""

import io
import json
import os
import tarfile
import tempfile
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import file_digest
from pathlib import Path, PurePosixPath

from django.utils.translation import gettext as _

from marketplace.backups.databases import (
    BackupError,
    digests,
    dump,
    empty_database_beside,
    is_sqlite,
    load,
)

FORMAT = 1
MANIFEST, DATABASE = "manifest.json", "database"


@dataclass(frozen=True)
class Place:
    """Where a platform lives: its database, the folders of uploads by name, and the file of its key."""

    database_url: str
    folders: Mapping[str, Path]
    key_file: Path


def write_backup(place: Place, target: Path, *, now: datetime | None = None) -> dict:
    """Write a backup to a file that appears whole or not at all; return its manifest.

    The database is copied first, at one moment; uploads afterwards, so that no row lacks its file. The file can
    be read by its owner only: it holds everything, the signing key included.
    """
    target = target.resolve()
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder:
        copy = Path(folder) / DATABASE
        tables = dump(place.database_url, copy)
        half = Path(folder) / "archive"
        os.close(os.open(half, os.O_CREAT | os.O_WRONLY, 0o600))
        with tarfile.open(half, "w") as archive:
            files = {DATABASE: _add(archive, copy, DATABASE)}
            for name, path in _uploads(place):
                files[name] = _add(archive, path, name)
            manifest = {
                "format": FORMAT,
                "created_at": (now or datetime.now(UTC)).isoformat(timespec="seconds"),
                "engine": "sqlite" if is_sqlite(place.database_url) else "postgresql",
                "tables": tables,
                "files": files,
            }
            text = json.dumps(manifest, ensure_ascii=False).encode()
            entry = tarfile.TarInfo(MANIFEST)
            entry.size = len(text)
            archive.addfile(entry, io.BytesIO(text))
        with half.open("rb") as stream:
            os.fsync(stream.fileno())
        half.replace(target)
    return manifest


def _uploads(place: Place):
    for name, folder in place.folders.items():
        for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
            if path.is_file():
                yield f"{name}/{path.relative_to(folder).as_posix()}", path
    if place.key_file.is_file():
        yield place.key_file.name, place.key_file


def _add(archive: tarfile.TarFile, path: Path, name: str) -> str:
    with path.open("rb") as stream:
        digest = file_digest(stream, "blake2b").hexdigest()
        stream.seek(0)
        entry = archive.gettarinfo(arcname=name, fileobj=stream)
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = ""
        archive.addfile(entry, stream)
    return digest


def restore(source: Path, place: Place) -> dict:
    """Put a backup into an empty place and compare every row and file with the manifest; return the manifest.

    Raises
    ------
    BackupError
        When the place is not empty, the backup is damaged or of another engine, or something differs afterwards.
    """
    for name, folder in place.folders.items():
        if folder.is_dir() and any(path.is_file() for path in folder.rglob("*")):
            raise BackupError(
                _("文件夹 %(name)s 不是空的，未做任何改动。请恢复到空的 DATA_DIR。") % {"name": name}
            )
    with _opened(source) as (archive, manifest):
        engine = "sqlite" if is_sqlite(place.database_url) else "postgresql"
        if manifest["engine"] != engine:
            raise BackupError(
                _("备份来自 %(source)s，当前数据库是 %(here)s，不能混用。")
                % {"source": manifest["engine"], "here": engine}
            )
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / DATABASE
            _extract(archive, DATABASE, copy, manifest)
            load(place.database_url, copy)
        for name in manifest["files"]:
            if name != DATABASE:
                _extract(archive, name, _target(place, name), manifest)
    _compare(manifest["tables"], digests(place.database_url))
    return manifest


def check(source: Path, database_url: str) -> dict:
    """Restore a backup into an empty place that is gone afterwards, compare everything, return the manifest."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with empty_database_beside(database_url, folder) as url:
            place = Place(url, {part: folder / part for part in ("media", "private")}, folder / "secret_key")
            return restore(source, place)


@contextmanager
def _opened(source: Path):
    try:
        with tarfile.open(source) as archive:
            manifest = json.load(archive.extractfile(MANIFEST))
            if manifest["format"] != FORMAT:
                raise BackupError(
                    _("不认识该备份的格式（%(format)s），请用写出它的版本恢复。")
                    % {"format": manifest["format"]}
                )
            yield archive, manifest
    except (tarfile.TarError, KeyError, OSError, EOFError, ValueError) as error:
        raise BackupError(
            _("%(file)s 不是完整的备份：%(error)s") % {"file": source, "error": error}
        ) from error


def _target(place: Place, name: str) -> Path:
    path = PurePosixPath(name)
    if name == place.key_file.name:
        return place.key_file
    folder = place.folders.get(path.parts[0])
    if folder is None or ".." in path.parts or path.is_absolute():
        raise BackupError(_("备份中有不认识的文件 %(name)s。") % {"name": name})
    return folder.joinpath(*path.parts[1:])


def _extract(archive: tarfile.TarFile, name: str, target: Path, manifest: dict) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    private = 0o600 if "/" not in name else 0o644
    with (
        archive.extractfile(name) as stream,
        open(os.open(target, os.O_CREAT | os.O_RDWR | os.O_TRUNC, private), "w+b") as file,
    ):
        while block := stream.read(1 << 20):
            file.write(block)
        file.seek(0)
        if file_digest(file, "blake2b").hexdigest() != manifest["files"][name]:
            raise BackupError(_("备份中的 %(name)s 已损坏。") % {"name": name})


def _compare(expected: Mapping[str, dict], found: Mapping[str, dict]) -> None:
    different = sorted(name for name in {*expected, *found} if expected.get(name) != found.get(name))
    if different:
        raise BackupError(_("恢复后与备份不一致的表：%(names)s。") % {"names": ", ".join(different[:10])})

"""Keep an index in files that several processes map into memory.

A folder holds one sub-folder per version and the file ``CURRENT`` with the name of the valid one.
A version is written under a temporary name, flushed to disk and renamed; then ``CURRENT`` is replaced.
Whatever happens in between, ``CURRENT`` names a complete version. It also holds the checksum of the manifest, and
the manifest those of all other files, so that what the disk has lost or changed is noticed before it is used.
"""

import json
import os
import shutil
import tempfile
import time
import zlib
from pathlib import Path

import numpy as np

from matching.engine import ENGINE_VERSION
from matching.engine.columns import LABELS, Columns, LabelColumn
from matching.engine.concepts import concept_table
from matching.engine.index import MatchIndex
from matching.engine.lists import Lists
from matching.engine.segment import Segment
from matching.engine.stored_profiles import StoredProfiles, packed_profiles
from matching.engine.vectors import TextModel

FORMAT = 7
CURRENT = "CURRENT"
MANIFEST = "manifest.json"
READ_AT_ONCE = 1 << 20
LISTS = ("titles", "bodies", "concepts")
KEPT_VERSIONS = 2
ABANDONED_AFTER_SECONDS = 3600


class IndexUnreadable(Exception):
    """Say that no usable index is stored: none at all, a damaged one, or one of another engine."""


def save(index: MatchIndex, folder: Path) -> Path:
    """Write the index as the new current version and return its folder; compact it first.

    Readers that hold an older version keep it. All but the last versions are deleted.
    """
    index.compact()
    folder.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=".writing-", dir=folder))
    try:
        _write(index, temporary)
        version = folder / f"v{index.generation:012d}-{temporary.name.removeprefix('.writing-')}"
        temporary.rename(version)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    pointer = folder / f".CURRENT-{version.name}"
    _write_durably(pointer, f"{version.name} {_checksum(version / MANIFEST)}".encode())
    pointer.replace(folder / CURRENT)
    _sync_folder(folder)
    _prune(folder, keep=version)
    return version


def load(folder: Path) -> MatchIndex:
    """Map the current version of the index into memory.

    Raises
    ------
    IndexUnreadable
        When there is none, it is damaged, or another version of the engine wrote it.
    """
    try:
        current = (folder / CURRENT).read_text()
        try:
            return _load(folder, current)
        except OSError:
            # Another process may have replaced and removed the version meanwhile.
            if (folder / CURRENT).read_text() == current:
                raise
            return _load(folder, (folder / CURRENT).read_text())
    except (OSError, ValueError, KeyError, TypeError, EOFError) as error:
        raise IndexUnreadable(str(error)) from error


def _load(folder: Path, current: str) -> MatchIndex:
    version, manifest = _manifest(folder, current)
    if (manifest["format"], manifest["engine_version"]) != (FORMAT, ENGINE_VERSION):
        raise IndexUnreadable(f"written by engine {manifest['engine_version']}, format {manifest['format']}")
    for name, (size, checksum) in manifest["files"].items():
        path = version / name
        if path.stat().st_size != size or _checksum(path) != checksum:
            raise IndexUnreadable(f"{name} is damaged")
    return _read(version, manifest)


def _manifest(folder: Path, current: str) -> tuple[Path, dict]:
    """Return the folder of the version that ``CURRENT`` names and its manifest, if that is what was written."""
    name, _, checksum = current.strip().partition(" ")
    content = (folder / name / MANIFEST).read_bytes()
    if f"{zlib.crc32(content):08x}" != checksum:
        raise ValueError("the manifest is damaged")
    return folder / name, json.loads(content)


def current_generation(folder: Path) -> int:
    """Return the generation that the current version was written for, -1 where there is none."""
    try:
        return int((folder / CURRENT).read_text()[1:].partition("-")[0])
    except (OSError, ValueError):
        return -1


def _write(index: MatchIndex, folder: Path) -> None:
    base, model = index.base, index.model
    arrays = {
        "weights": model.weights,
        "has_body": base.has_body,
    }
    arrays |= {f"profiles.{part}": array for part, array in packed_profiles(base.profiles).items()}
    if model.components is not None and base.topics is not None:
        arrays |= {"components": model.components, "topics": base.topics}
    for name in LISTS:
        arrays |= {f"{name}.{part}": array for part, array in getattr(base, name).arrays().items()}
    for name, column in base.columns.labels.items():
        arrays |= {f"{name}.pointers": column.pointers, f"{name}.codes": column.codes}
    arrays |= {f"column.{name}": array for name, array in base.columns.arrays.items()}
    files = {}
    for name, array in arrays.items():
        path = folder / f"{name}.npy"
        with path.open("wb") as file:
            np.save(file, array)
            _flush(file)
        files[path.name] = (path.stat().st_size, _checksum(path))
    manifest = {
        "format": FORMAT,
        "engine_version": ENGINE_VERSION,
        "generation": index.generation,
        "library": index.library,
        "count": len(base.ids),
        "ids": list(base.ids),
        "title_scale": model.title_scale,
        "body_scale": model.body_scale,
        "quantities": base.columns.quantities,
        "labels": {name: column.labels for name, column in base.columns.labels.items()},
        "vocabulary": sorted(model.vocabulary, key=model.vocabulary.get),
        "arrays": sorted(arrays),
        "files": files,
    }
    _write_durably(folder / MANIFEST, json.dumps(manifest, ensure_ascii=False).encode())
    _sync_folder(folder)


def _read(folder: Path, manifest: dict) -> MatchIndex:
    arrays = {name: _map(folder / f"{name}.npy") for name in manifest["arrays"]}
    count = manifest["count"]
    vocabulary = manifest["vocabulary"]
    model = TextModel.restore(
        vocabulary,
        arrays["weights"],
        manifest["title_scale"],
        manifest["body_scale"],
        arrays.get("components"),
    )
    titles, bodies, concepts = (
        Lists.restore(count, {part: arrays[f"{name}.{part}"] for part in ("pointers", "rows", "weights")})
        for name in LISTS
    )
    if concepts.term_count != concept_table().width:
        raise ValueError("the table of concepts has changed since")
    labels = {
        name: LabelColumn(
            arrays[f"{name}.pointers"], arrays[f"{name}.codes"], tuple(manifest["labels"][name])
        )
        for name in LABELS
    }
    plain = {
        name.removeprefix("column."): array for name, array in arrays.items() if name.startswith("column.")
    }
    columns = Columns(count, labels, tuple(manifest["quantities"]), plain)
    profiles = StoredProfiles(
        **{part: arrays[f"profiles.{part}"] for part in ("packed", "offsets", "dictionary")}
    )
    if len(profiles) != count or len(manifest["ids"]) != count:
        raise ValueError("the number of profiles differs from the number of technologies")
    base = Segment(
        manifest["ids"],
        profiles,
        titles,
        bodies,
        arrays["has_body"],
        arrays.get("topics"),
        concepts,
        columns,
    )
    return MatchIndex(model, base, manifest["generation"], manifest["library"])


def _map(path: Path) -> np.ndarray:
    # An empty array cannot be mapped; mode "c" keeps the file unchanged, whatever is done to the array.
    header_only = np.load(path, mmap_mode=None) if path.stat().st_size <= 128 else None
    # A plain view of the mapping: each slice of numpy's own class for mappings takes several times as long.
    return header_only if header_only is not None else np.asarray(np.load(path, mmap_mode="c"))


def _checksum(path: Path) -> str:
    checksum = 0
    with path.open("rb") as file:
        while block := file.read(READ_AT_ONCE):
            checksum = zlib.crc32(block, checksum)
    return f"{checksum:08x}"


def _write_durably(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        _flush(file)


def _flush(file) -> None:
    file.flush()
    os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _prune(folder: Path, *, keep: Path) -> None:
    for leftover in (*folder.glob(".writing-*"), *folder.glob(f".{CURRENT}-*")):
        if time.time() - leftover.stat().st_mtime > ABANDONED_AFTER_SECONDS:
            if leftover.is_dir():
                shutil.rmtree(leftover, ignore_errors=True)
            else:
                leftover.unlink(missing_ok=True)
    versions = sorted(folder.glob("v*"), key=lambda path: path.stat().st_mtime, reverse=True)
    for version in [path for path in versions if path != keep][KEPT_VERSIONS - 1 :]:
        shutil.rmtree(version, ignore_errors=True)

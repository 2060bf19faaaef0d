import pytest

from matching.engine import storage
from matching.engine.index import MatchIndex
from matching.engine.profiles import DemandProfile, TechnologyProfile
from tests.matching.engine.library import COOLING_WATER_NEED, HEAT_PUMP, LIBRARY
from tests.matching.engine.test_index import large_library


@pytest.mark.parametrize("library", [LIBRARY, (), large_library()], ids=["small", "empty", "with topics"])
def test_loaded_index_ranks_like_the_saved_one(tmp_path, library):
    index = MatchIndex.build(library, generation=7, library="a")
    storage.save(index, tmp_path)
    loaded = storage.load(tmp_path)
    assert (loaded.library, loaded.generation) == ("a", 7)
    assert storage.current_generation(tmp_path) == 7
    assert loaded.rank(COOLING_WATER_NEED) == index.rank(COOLING_WATER_NEED)


def test_loaded_index_takes_changes_and_leaves_the_files_alone(tmp_path):
    storage.save(MatchIndex.build(large_library()), tmp_path)
    loaded = storage.load(tmp_path)
    loaded.remove(0)
    loaded.replace(TechnologyProfile(1, "磁悬浮鼓风机"))
    assert loaded.rank(DemandProfile(1, "磁悬浮鼓风机"), top=1)[0].technology_id == 1
    again = storage.load(tmp_path)
    assert 0 in again
    assert again.match(DemandProfile(1, ""), 1).technology_id == 1


def test_save_leaves_the_old_version_in_force_until_the_end(tmp_path, monkeypatch):
    storage.save(MatchIndex.build(LIBRARY, generation=1), tmp_path)

    def stop(path, content):
        raise OSError("disk full")

    monkeypatch.setattr(storage, "_write_durably", stop)
    with pytest.raises(OSError, match="disk full"):
        storage.save(MatchIndex.build([HEAT_PUMP], generation=2), tmp_path)
    assert storage.load(tmp_path).generation == 1
    assert not list(tmp_path.glob(".writing-*"))


def test_save_keeps_two_versions(tmp_path):
    for generation in range(4):
        storage.save(MatchIndex.build(LIBRARY, generation=generation), tmp_path)
    assert len(list(tmp_path.glob("v*"))) == 2
    assert storage.load(tmp_path).generation == 3


def test_load_refuses_what_it_cannot_read(tmp_path, monkeypatch):
    with pytest.raises(storage.IndexUnreadable):
        storage.load(tmp_path)
    version = storage.save(MatchIndex.build(LIBRARY), tmp_path)
    (version / "titles.weights.npy").write_bytes(b"nonsense")
    with pytest.raises(storage.IndexUnreadable):
        storage.load(tmp_path)
    storage.save(MatchIndex.build(LIBRARY), tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(storage, "ENGINE_VERSION", "9.9")
        with pytest.raises(storage.IndexUnreadable, match="written by engine"):
            storage.load(tmp_path)
    (tmp_path / "CURRENT").write_text("{")
    assert storage.current_generation(tmp_path) == -1

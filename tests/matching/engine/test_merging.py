"""Segments are put together beside the queries: every list is that of the whole library, before, during and after."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import index as index_module
from matching.engine import merging
from matching.engine.index import MatchIndex
from matching.engine.profiles import DemandProfile, TechnologyProfile
from matching.engine.segment import Segment

NEED = DemandProfile(1, "空压机余热回收", "螺杆空压机油温高")
TITLES = ["空压机余热回收", "余热锅炉", "螺杆空压机变频", "蒸汽疏水阀", "油路热量回收"]


@pytest.fixture(autouse=True)
def small_steps(monkeypatch):
    monkeypatch.setattr(index_module, "SMALL_LIBRARY", 0)
    monkeypatch.setattr(index_module, "SMALL_SEGMENT", 2)
    monkeypatch.setattr(merging, "SMALL_SEGMENT", 2)


def technology(number, version=0):
    return TechnologyProfile(number, TITLES[(number + version) % len(TITLES)], f"第{version}版")


def ranked(index):
    return [(match.technology_id, match.score) for match in index.rank(NEED, top=100)]


def expected(index):
    """Rank what is held from one segment with the same words."""
    segment = Segment.build(index.model, list(index.profiles()))
    return ranked(MatchIndex(index.model, segment, ranking=index.ranking))


changes = st.tuples(st.sampled_from(["replace", "remove", "ask"]), st.integers(0, 30), st.integers(0, 4))


def change(index, steps):
    for what, number, version in steps:
        if what == "replace":
            index.replace(technology(number, version))
        elif what == "remove":
            index.remove(number)
        else:
            index.rank(NEED, top=1)


@settings(max_examples=60, deadline=None)
@given(st.lists(changes, max_size=60), st.lists(changes, max_size=20), st.lists(changes, max_size=20))
def test_lists_stay_right_whatever_changes_before_during_and_after_a_merge(before, during, after):
    index = MatchIndex.build([technology(number) for number in range(8)])
    change(index, before)
    index.rank(NEED)
    merge = index.prepare_merge()
    change(index, during)
    assert ranked(index) == expected(index)
    if merge is not None:
        count = len(index._segments)
        assert index.take_over(merge, merge.run())
        assert len(index._segments) == count - len(merge.segments) + 1
    assert ranked(index) == expected(index)
    change(index, after)
    assert ranked(index) == expected(index)
    assert {each.id for each in index.profiles()} == {number for number in range(31) if number in index}


def grown():
    index = MatchIndex.build([technology(number) for number in range(8)])
    for number in range(20):
        index.replace(technology(number + 8))
        if number % 3 == 2:
            index.rank(NEED)
    index.rank(NEED)
    return index


def test_a_merge_of_segments_that_are_gone_changes_nothing():
    index = grown()
    merge = index.prepare_merge()
    index.compact()
    before = ranked(index)
    assert not index.take_over(merge, merge.run())
    assert ranked(index) == before


def test_merges_leave_few_segments():
    index = grown()
    assert len(index._segments) > 4
    while (merge := index.prepare_merge()) is not None:
        assert index.take_over(merge, merge.run())
    sizes = [len(segment.ids) for segment in index._segments[1:]]
    assert all(size >= 2 * following for size, following in zip(sizes, sizes[1:], strict=False))


@given(st.lists(st.integers(1, 5000), max_size=12))
def test_sizes_fall_by_half_after_merges(sizes):
    while (part := merging.segments_to_merge(sizes)) is not None:
        assert part.start >= 1 and len(part) >= 2
        sizes[part.start : part.stop] = [sum(sizes[part.start : part.stop])]

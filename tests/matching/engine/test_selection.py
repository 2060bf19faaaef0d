from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine import index as index_module
from matching.engine import kernels, lists, selection
from matching.engine.index import MatchIndex
from matching.engine.model import shipped_model
from matching.engine.profiles import DemandProfile, TechnologyProfile
from matching.engine.segment import Queries
from tests.matching.engine.library import COMPRESSOR
from tests.matching.engine.test_index import demands, technologies

CURVED = replace(
    shipped_model(),
    version="curved",
    curves={"title": ((0, 0), (0.3, 0.1), (1, 1)), "system": ((0, 0.2), (1, 0.9))},
    calibration=((0, 0), (0.2, 0.1), (0.5, 0.5), (0.6, 0.5), (1, 0.95)),
)
libraries = st.lists(technologies, min_size=1, max_size=30, unique_by=lambda each: each.id)


@pytest.fixture(autouse=True)
def small_steps(monkeypatch):
    """Keep changes in segments of their own, and let the second round be needed."""
    monkeypatch.setattr(index_module, "SMALL_LIBRARY", 0)
    monkeypatch.setattr(index_module, "LARGEST_DELTA_SHARE", 100)
    monkeypatch.setattr(selection, "FIRST_ROUND", 1)


def by_brute_force(index, demand, top, minimum, minimum_in_conflict):
    """Score every technology in every part, in every segment, and sort."""
    queries = Queries.build(index.model, [demand], index.ranking)
    found = []
    for segment, is_open in zip(index._segments, index._is_open, strict=True):
        scores = segment.scores(queries, 0, index.ranking)
        conflicts = segment.values(queries, 0, index.ranking)[1]
        for row, identity in enumerate(segment.ids):
            lowest = minimum_in_conflict if conflicts[row] else minimum
            if is_open[row] and scores[row] >= lowest:
                found.append((identity, scores[row]))
    found.sort(key=lambda pair: (-pair[1], str(pair[0])))
    return found[:top]


@settings(max_examples=60, deadline=None)
@given(
    libraries,
    st.lists(st.tuples(st.booleans(), technologies), max_size=12),
    demands,
    st.integers(1, 6),
    st.sampled_from([0.0, 0.2, 0.35, 0.6]),
    st.sampled_from([0.0, 0.1, 0.15]),
    st.sampled_from([shipped_model(), CURVED]),
)
def test_rank_equals_brute_force_after_any_changes(library, changes, demand, top, low, low_hard, ranking):
    index = MatchIndex.build(library, ranking=ranking)
    for is_removal, technology in changes:
        if is_removal:
            index.remove(technology.id)
        else:
            index.replace(technology)
            index.rank(demand, top=1)
    matches = index.rank(demand, top=top, minimum_score=low, minimum_score_in_conflict=low_hard)
    expected = by_brute_force(index, demand, top, low, low_hard)
    assert [match.technology_id for match in matches] == [identity for identity, _ in expected]
    assert [match.score for match in matches] == pytest.approx([score for _, score in expected])


@settings(max_examples=25, deadline=None)
@given(libraries, demands, st.integers(1, 4), st.data())
def test_excluded_technologies_are_replaced_by_the_next(library, demand, top, data):
    index = MatchIndex.build(library)
    exclude = data.draw(st.sets(st.sampled_from([each.id for each in library])))
    everything = by_brute_force(index, demand, len(library), 0, 0)
    expected = [identity for identity, _ in everything if identity not in exclude][:top]
    assert [match.technology_id for match in index.rank(demand, top=top, exclude=exclude)] == expected


@settings(max_examples=15, deadline=None)
@given(libraries, demands)
def test_hard_conflicts_are_those_of_the_whole_comparison(library, demand):
    columns = MatchIndex.build(library).base.columns
    assert (
        sorted(set(columns.hard_conflicts(demand).tolist()))
        == np.flatnonzero(columns.compare(demand)[1]).tolist()
    )


@settings(max_examples=15, deadline=None)
@given(libraries, demands, st.data())
def test_rows_have_the_values_that_they_have_among_all(library, demand, data):
    index = MatchIndex.build(library)
    queries = Queries.build(index.model, [demand], index.ranking)
    rows = np.array(data.draw(st.lists(st.integers(0, len(library) - 1))), dtype=np.int64)
    values, conflicts = index.base.values(queries, 0, index.ranking)
    some, some_conflicts = index.base.values(queries, 0, index.ranking, rows)
    assert some_conflicts.tolist() == conflicts[rows].tolist()
    for name, value in some.items():
        np.testing.assert_array_equal(value, values[name][rows])


@settings(max_examples=15, deadline=None)
@given(libraries, demands)
def test_compiled_loops_give_the_same_matches(library, demand):
    index = MatchIndex.build(library)
    plain = index.rank(demand)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lists, "_kernels", kernels)
        assert index.rank(demand) == plain


def test_changes_gather_in_few_segments():
    index = MatchIndex.build([replace(COMPRESSOR, id=number) for number in range(5)])
    for number in range(100, 170):
        index.replace(replace(COMPRESSOR, id=number))
        assert index.rank(DemandProfile(1, COMPRESSOR.title), top=200)[-1].technology_id
    assert index.change_count == 70
    assert len(index._segments) <= 8
    assert len(index.rank(DemandProfile(1, COMPRESSOR.title), top=200)) == len(index) == 75


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["空压机余热", "余热回收", "蒸汽"]), st.sampled_from(["", "甲", "乙"])),
        max_size=30,
    ),
    st.integers(1, 6),
)
def test_folded_lists_are_those_of_going_down_the_whole_order(listings, top):
    library = [
        TechnologyProfile(f"{number:02}", title, "回收" * (number % 4), owner=owner)
        for number, (title, owner) in enumerate(listings)
    ]
    index, need = MatchIndex.build(library), DemandProfile(1, "空压机余热回收")
    kept, seen, twins = [], set(), 0
    for match in index.rank(need, top=len(library) + 1):
        listing = listings[int(match.technology_id)]
        is_twin = bool(listing[1]) and listing in seen
        if is_twin and twins == top:
            continue
        twins += is_twin
        seen.add(listing)
        kept.append((match.technology_id, is_twin))
        if len(kept) - twins == top:
            break
    found = index.rank(need, top=top, folds_twins=True)
    assert [(match.technology_id, match.is_twin) for match in found] == kept

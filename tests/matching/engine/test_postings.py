import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from matching.engine import kernels, postings
from matching.engine.lists import Lists
from matching.engine.postings import Postings

EIGHTHS = st.integers(0, 8).map(lambda each: each / 8)
"""Sums of their products are exact in float32 too, so that equal scores are equal and not only near."""
ANY_WEIGHT = st.floats(0, 1e6, width=32)
ENGINES = pytest.mark.parametrize("engine", [None, kernels], ids=["numpy", "compiled"])


def brute_force(documents, query, count, is_open, order):
    scores = [
        sum(float(np.float32(query[term])) * float(np.float32(weight)) for term, weight in enumerate(row))
        for row in documents
    ]
    listed = [row for row in range(len(documents)) if scores[row] > 0 and is_open[row]]
    listed.sort(key=lambda row: (-scores[row], order[row]))
    return [(row, scores[row]) for row in listed[:count]]


@st.composite
def searches(draw, weights):
    terms = draw(st.integers(1, 12))
    line = st.lists(st.just(0.0) | weights, min_size=terms, max_size=terms)
    documents = draw(st.lists(line, min_size=1, max_size=40))
    queries = draw(st.lists(line, min_size=1, max_size=4))
    is_open = draw(st.lists(st.booleans(), min_size=len(documents), max_size=len(documents)))
    order = draw(st.permutations(range(len(documents))))
    return documents, queries, draw(st.integers(1, 8)), is_open, order


def matrix(lines):
    return sparse.csr_matrix(np.array(lines, dtype=np.float32))


@ENGINES
@settings(max_examples=150, deadline=None)
@given(searches(EIGHTHS))
def test_best_equals_brute_force_with_ties_and_closed_rows(engine, search):
    documents, queries, count, is_open, order = search
    found = Postings.build(matrix(documents), order).best_of(
        matrix(queries), count, is_open=np.array(is_open), kernels=engine
    )
    assert found == [brute_force(documents, query, count, is_open, order) for query in queries]


@ENGINES
@settings(max_examples=100, deadline=None)
@given(searches(ANY_WEIGHT.filter(lambda weight: weight == 0 or weight > 1e-6)))
def test_best_equals_brute_force_with_any_weights(engine, search):
    documents, queries, count, is_open, order = search
    found = Postings.build(matrix(documents), order).best_of(
        matrix(queries), count, is_open=np.array(is_open), kernels=engine
    )
    assert found == [brute_force(documents, query, count, is_open, order) for query in queries]


def zipf(rows, terms, seed):
    """Return vectors whose common terms weigh little, so that lists are really left unread."""
    generator = np.random.default_rng(seed)
    chance = 1 / (np.arange(terms) + 2.0)
    lines = sparse.lil_matrix((rows, terms), dtype=np.float32)
    for row in range(rows):
        chosen = generator.choice(terms, size=12, p=chance / chance.sum())
        lines[row, chosen] = np.round(8 * np.log1p(chosen)) / 8
    return lines.tocsr()


@pytest.mark.parametrize("seed", range(3))
def test_pruned_search_equals_reading_everything(seed):
    documents, queries = zipf(4000, 800, seed), zipf(150, 800, seed + 100)
    held = Postings.build(documents, np.random.default_rng(seed).permutation(4000))
    is_open = np.random.default_rng(seed).random(4000) < 0.9
    plain = held.best_of(queries, 10, is_open=is_open)
    assert held.best_of(queries, 10, is_open=is_open, kernels=kernels) == plain
    assert held.best_of(queries, 10, is_open=is_open, kernels=kernels, threads=2) == plain


@ENGINES
@pytest.mark.parametrize("rows", [500, 70_000])
def test_sums_are_those_of_the_matrix_product_to_the_last_bit(engine, rows):
    documents = sparse.random(rows, 40, 0.05, "csr", np.float32, np.random.default_rng(1))
    query = sparse.random(1, 40, 0.5, "csr", np.float32, np.random.default_rng(2))
    query.sum_duplicates()
    held = Lists.build(documents)
    kept = documents.copy()
    kept.data = kept.data.astype(np.float16).astype(np.float32)
    expected = kept.astype(np.float64) @ query.toarray().ravel().astype(np.float64)
    assert held.term_count == 40
    assert held.sums(query.indices, query.data, kernels=engine).tolist() == expected.tolist()
    assert not held.sums(query.indices[:0], query.data[:0], kernels=engine).any()


def test_lists_refuse_weights_beyond_16_bits():
    with pytest.raises(ValueError, match="at most"):
        Lists.build(matrix([[70_000.0]]))


def test_queries_of_very_many_terms_are_searched_alike():
    documents = sparse.random(30, 5_000, 0.2, "csr", np.float32, np.random.default_rng(3))
    query = sparse.csr_matrix(np.ones((1, 5_000), dtype=np.float32))
    held = Postings.build(documents)
    assert held.best(query, 3, kernels=kernels) == held.best(query, 3)


@ENGINES
def test_best_of_nothing_is_nothing(engine):
    empty = Postings.build(sparse.csr_matrix((0, 3), dtype=np.float32))
    assert empty.best_of(matrix([[1, 0, 0]]), 5, kernels=engine) == [[]]
    assert Postings.build(matrix([[0, 0], [0, 0]])).best_of(matrix([[1, 1]]), 5, kernels=engine) == [[]]
    assert Postings.build(matrix([[1, 0]])).best_of(matrix([[0, 0], [0, 1]]), 5, kernels=engine) == [[], []]


@pytest.mark.parametrize("bad", [np.nan, np.inf, -1.0])
def test_weights_that_would_break_the_bounds_are_refused(bad):
    with pytest.raises(ValueError, match="finite"):
        Postings.build(matrix([[bad]]))
    with pytest.raises(ValueError, match="finite"):
        Postings.build(matrix([[1.0]])).best(matrix([[bad]]), 1)


def test_vanishing_weights_count_as_none():
    held = Postings.build(matrix([[1e-30, 1.0]]))
    assert len(held.lists) == 1
    assert held.best(matrix([[1.0, 1e-30]]), 1, kernels=kernels) == []


def test_restored_lists_answer_alike():
    held = Postings.build(zipf(50, 20, 1))
    again = Postings.restore(50, held.arrays())
    assert again.best_of(zipf(3, 20, 2), 5) == held.best_of(zipf(3, 20, 2), 5)
    assert again.byte_count == held.byte_count > 0


def test_numba_is_not_loaded_before_it_is_asked_for():
    code = "import sys, matching.engine.index, matching.engine.postings; sys.exit('numba' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_compile_kernels_keeps_machine_code_in_the_folder(tmp_path):
    code = (
        "import sys, pathlib; from matching.engine import postings;"
        "postings.compile_kernels(pathlib.Path(sys.argv[1]));"
        "assert postings.compiled() is not None"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True)
    assert list(tmp_path.rglob("*.nbi"))
    assert postings.compiled() is None

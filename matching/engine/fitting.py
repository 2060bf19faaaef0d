"""Fit the text model on a library: term weights by scikit-learn's TF-IDF, topics from the company that terms keep.

Only ``vectors.TextModel.fit`` loads this module, for scikit-learn takes seconds to import.
"""

from array import array
from collections import Counter
from collections.abc import Sequence

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.utils.extmath import randomized_svd
from threadpoolctl import threadpool_limits

from matching.engine.concepts import concept_table
from matching.engine.lexicon import CONCEPT_MARK
from matching.engine.text import WORD_MARK, terms
from matching.engine.vectors import TextModel, matrix_of, median_length

IDF_POWER = 1.5
SINGLE_CHARACTER_WEIGHT = 1.0
PAIR_WEIGHT = 0.5
WORD_WEIGHT = 0.3
CONCEPT_WEIGHT = 0.2
TOPIC_COUNT = 128
CONTEXT_POWER = 0.75
MOST_TITLES_FOR_TOPICS = 20_000
FEWEST_DOCUMENTS_FOR_TOPICS = 300


def term_weight(term: str) -> float:
    """Return how much a kind of term counts: character, pair of characters, whole word or concept.

    Examples
    --------
    >>> term_weight("热"), term_weight("余热"), term_weight(WORD_MARK + "余热")
    (1.0, 0.5, 0.3)
    """
    if term.startswith(WORD_MARK):
        return WORD_WEIGHT
    if term.startswith(CONCEPT_MARK):
        return CONCEPT_WEIGHT
    return SINGLE_CHARACTER_WEIGHT if len(term) == 1 or term.isascii() else PAIR_WEIGHT


def fit(titles: Sequence[str], bodies: Sequence[str]) -> TextModel:
    """Fit vocabulary, weights and topics on the normalised texts of a library.

    Term weights are kind × (ln((1 + n) ÷ (1 + df)) + 1) ^ ``IDF_POWER``, sharper than
    scikit-learn's (power 1), with 1 + ln(tf) for the term frequency.

    Examples
    --------
    >>> model = fit(["余热锅炉", "余热发电"], ["", ""])
    >>> weight = {term: float(model.weights[column]) for term, column in model.vocabulary.items()}
    >>> weight["余"] < weight["锅"]
    True
    """
    return fit_counted(titles, bodies)[0]


def fit_counted(
    titles: Sequence[str], bodies: Sequence[str]
) -> tuple[TextModel, sparse.csr_matrix, sparse.csr_matrix]:
    """Return what ``fit`` does, with the counts of terms in titles and bodies: cutting texts costs the most."""
    if len(titles) != len(bodies):
        raise ValueError(f"{len(titles)} titles, but {len(bodies)} bodies")
    # Without a single term the vocabulary still needs one.
    position: dict[str, int] = {}
    counts = [_count(texts, position) for texts in (titles, bodies)]
    if not position:
        position["空"] = 0
    names = sorted(position)
    places = np.empty(len(names), dtype=np.int32)
    places[[position[name] for name in names]] = np.arange(len(names))
    title_counts, body_counts = (_renumbered(columns, places) for columns in counts)
    documents = title_counts + body_counts
    idf = np.ones(len(names))
    if documents.nnz:
        idf = TfidfTransformer(norm=None).fit(documents).idf_
    kinds = np.array([term_weight(term) for term in names], dtype=np.float64)
    weights = idf**IDF_POWER * kinds
    model = TextModel.restore(names, weights, 1.0, 1.0, None)
    title_scale = median_length(model.weighted(title_counts))
    body_scale = median_length(model.weighted(body_counts))
    components = _topics(model, title_counts)
    model = TextModel.restore(names, weights, title_scale, body_scale, components)
    return model, title_counts, body_counts


def _count(texts: Sequence[str], position: dict[str, int]) -> tuple[array, array, array]:
    """Count the terms of each text, giving new terms the next column."""
    columns, counts, starts = array("i"), array("f"), array("l", [0])
    for text in texts:
        for term, count in Counter(terms(text)).items():
            columns.append(position.setdefault(term, len(position)))
            counts.append(count)
        starts.append(len(columns))
    return columns, counts, starts


def _renumbered(counted: tuple[array, array, array], places: np.ndarray) -> sparse.csr_matrix:
    columns, counts, starts = counted
    matrix = matrix_of(columns, counts, starts, len(places))
    matrix.indices = places[matrix.indices]
    matrix.sort_indices()
    return matrix


def _topics(model: TextModel, title_counts: sparse.csr_matrix) -> np.ndarray | None:
    """Return a direction in the space of topics for each term, one row per topic; None for a small library.

    Terms that share company lie near each other: positive pointwise mutual information of terms in titles and
    in the concepts of ``data/concepts.txt`` (Levy and Goldberg 2014, contexts smoothed by the power 0.75), reduced
    by a truncated SVD; each term's vector has length 1.
    """
    count = title_counts.shape[0]
    if count < FEWEST_DOCUMENTS_FOR_TOPICS:
        return None
    in_titles = _occurrence(title_counts[:: 1 + count // MOST_TITLES_FOR_TOPICS])
    table = concept_table()
    of_concepts = table.membership[:, : len(table.names)].T
    in_concepts = _occurrence(_occurrence(of_concepts) @ _occurrence(model.vectors(list(table.words))))
    together = (in_titles.T @ in_titles + in_concepts.T @ in_concepts).tocsr()
    together.setdiag(0)
    together.eliminate_zeros()
    company = np.asarray(together.sum(axis=1)).ravel()
    if np.count_nonzero(company) <= TOPIC_COUNT:
        return None
    context = company**CONTEXT_POWER
    pairs = together.tocoo()
    share = context[pairs.col] / context.sum()
    information = np.log(pairs.data / company[pairs.row] / share)
    is_positive = information > 0
    places = (pairs.row[is_positive], pairs.col[is_positive])
    matrix = sparse.csr_matrix((information[is_positive].astype(np.float32), places), shape=together.shape)
    # On a busy machine the threads of the linear algebra wait for each other longer than they work.
    with threadpool_limits(limits=1):
        directions, _, _ = randomized_svd(matrix, TOPIC_COUNT, n_iter=4, random_state=0)
    lengths = np.linalg.norm(directions, axis=1, keepdims=True)
    # Terms that have no company come out as noise.
    unit = np.where((company > 0)[:, None], directions / np.where(lengths > 0, lengths, 1), 0)
    return np.ascontiguousarray(unit.T, dtype=np.float16)


def _occurrence(matrix: sparse.spmatrix) -> sparse.csr_matrix:
    return (matrix > 0).astype(np.float32).tocsr()

"""Fit the text model on a library: term weights by scikit-learn's TF-IDF, topics by LSA.

Only ``vectors.TextModel.fit`` loads this module, for scikit-learn takes seconds to import.
"""

from collections.abc import Sequence

import numpy as np
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from threadpoolctl import threadpool_limits

from matching.engine.lexicon import CONCEPT_MARK
from matching.engine.text import WORD_MARK, terms
from matching.engine.vectors import TextModel, median_length

IDF_POWER = 1.5
SINGLE_CHARACTER_WEIGHT = 1.0
PAIR_WEIGHT = 0.5
WORD_WEIGHT = 0.3
CONCEPT_WEIGHT = 0.2
TOPIC_COUNT = 100
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
    documents = [f"{title}\n{body}" for title, body in zip(titles, bodies, strict=True)]
    vectorizer = TfidfVectorizer(analyzer=terms, sublinear_tf=True, norm=None, dtype=np.float32)
    try:
        vectorizer.fit(documents)
    except ValueError:
        # An empty library, or one without a single term, has no vocabulary.
        vectorizer.fit(["空"])
    names = vectorizer.get_feature_names_out().tolist()
    kinds = np.array([term_weight(term) for term in names], dtype=np.float64)
    weights = vectorizer.idf_**IDF_POWER * kinds
    model = TextModel.restore(names, weights, 1.0, 1.0, None)
    title_scale = median_length(model.vectors(titles)) if titles else 1.0
    body_scale = median_length(model.vectors(bodies)) if bodies else 1.0
    return TextModel.restore(names, weights, title_scale, body_scale, _topics(model, documents))


def _topics(model: TextModel, documents: Sequence[str]) -> np.ndarray | None:
    """Return the components of the topics, one row each, None for a library too small for them."""
    topic_count = min(TOPIC_COUNT, len(model.vocabulary) - 1)
    if len(documents) < FEWEST_DOCUMENTS_FOR_TOPICS or topic_count < 2:
        return None
    # On a busy machine the threads of the linear algebra wait for each other longer than they work.
    with threadpool_limits(limits=1):
        svd = TruncatedSVD(topic_count, n_iter=3, random_state=0).fit(model.queries(documents))
    return svd.components_.astype(np.float32)

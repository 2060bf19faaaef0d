"""Text to vectors: weighted terms on top of scikit-learn's TF-IDF, and topics by LSA."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize
from threadpoolctl import threadpool_limits

from matching.engine.text import WORD_MARK, terms

IDF_POWER = 1.5
SINGLE_CHARACTER_WEIGHT = 1.0
PAIR_WEIGHT = 0.5
WORD_WEIGHT = 0.3
DOCUMENT_NORM_POWER = 0.6
TOPIC_COUNT = 100
FEWEST_DOCUMENTS_FOR_TOPICS = 300
BODY_SHARE_OF_QUERY = 0.4


def term_weight(term: str) -> float:
    """Return how much a kind of term counts: character, pair of characters or whole word.

    Examples
    --------
    >>> term_weight("热"), term_weight("余热"), term_weight(WORD_MARK + "余热")
    (1.0, 0.5, 0.3)
    """
    if term.startswith(WORD_MARK):
        return WORD_WEIGHT
    return SINGLE_CHARACTER_WEIGHT if len(term) == 1 or term.isascii() else PAIR_WEIGHT


@dataclass(frozen=True)
class TextModel:
    """Hold the vocabulary, its weights and the topics of one fitted library.

    ``title_scale`` and ``body_scale`` are median vector lengths of the library, ``components`` has
    one row per topic and is None for a library too small for topics.
    """

    vectorizer: TfidfVectorizer
    title_scale: float
    body_scale: float
    components: np.ndarray | None

    @classmethod
    def fit(cls, titles: Sequence[str], bodies: Sequence[str]) -> "TextModel":
        """Fit vocabulary, weights and topics on the normalised texts of a library.

        Term weights are kind × (ln((1 + n) ÷ (1 + df)) + 1) ^ ``IDF_POWER``, sharper than
        scikit-learn's (power 1), with 1 + ln(tf) for the term frequency.

        Examples
        --------
        >>> model = TextModel.fit(["余热锅炉", "磁悬浮风机"], ["", ""])
        >>> model.queries(["余热"]).nnz > 0, model.components is None
        (True, True)
        >>> TextModel.fit([], []).queries(["余热"]).nnz
        0
        """
        documents = [f"{title}\n{body}" for title, body in zip(titles, bodies, strict=True)]
        vectorizer = _vectorizer()
        try:
            vectorizer.fit(documents)
        except ValueError:
            # An empty library, or one without a single term, has no vocabulary.
            vectorizer.fit(["空"])
        kinds = np.array([term_weight(term) for term in vectorizer.get_feature_names_out()], dtype=np.float64)
        vectorizer.idf_ = vectorizer.idf_**IDF_POWER * kinds
        model = cls(vectorizer, 1.0, 1.0, None)
        title_scale = _median_length(vectorizer.transform(titles)) if titles else 1.0
        body_scale = _median_length(vectorizer.transform(bodies)) if bodies else 1.0
        components = None
        if len(documents) >= FEWEST_DOCUMENTS_FOR_TOPICS:
            matrix = model.queries(documents)
            topic_count = min(TOPIC_COUNT, matrix.shape[1] - 1)
            if topic_count >= 2:
                # On a busy machine the threads of the linear algebra wait for each other longer than they work.
                with threadpool_limits(limits=1):
                    svd = TruncatedSVD(topic_count, n_iter=3, random_state=0).fit(matrix)
                components = svd.components_.astype(np.float32)
        return cls(vectorizer, title_scale, body_scale, components)

    @classmethod
    def restore(cls, vocabulary, weights, title_scale, body_scale, components) -> "TextModel":
        """Put a model together from what was stored: terms in column order and their weights."""
        vectorizer = _vectorizer(vocabulary)
        vectorizer.idf_ = np.asarray(weights, dtype=np.float64)
        return cls(vectorizer, title_scale, body_scale, components)

    def queries(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Return one vector of length 1 per text (all zero when no term is known)."""
        return normalize(self.vectorizer.transform(texts), copy=False)

    def titles(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Return vectors of technology titles, damped by the root of their length."""
        return _damped(self.vectorizer.transform(texts), self.title_scale)

    def bodies(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Return vectors of technology descriptions, damped by the root of their length."""
        return _damped(self.vectorizer.transform(texts), self.body_scale)

    def topics(self, vectors: sparse.csr_matrix) -> np.ndarray | None:
        """Return one unit row of topic coordinates per vector, None without topics."""
        if self.components is None:
            return None
        return normalize(np.asarray(vectors @ self.components.T, dtype=np.float32))


def whole_query(titles: sparse.csr_matrix, bodies: sparse.csr_matrix) -> sparse.csr_matrix:
    """Return one vector per need from its title and, with less weight, its body."""
    return normalize(titles + BODY_SHARE_OF_QUERY * bodies)


def _vectorizer(vocabulary=None) -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer=terms, sublinear_tf=True, norm=None, dtype=np.float32, vocabulary=vocabulary
    )


def _lengths(matrix: sparse.csr_matrix) -> np.ndarray:
    return np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())


def _median_length(matrix: sparse.csr_matrix) -> float:
    lengths = _lengths(matrix)
    return float(np.median(lengths[lengths > 0])) if (lengths > 0).any() else 1.0


def _damped(matrix: sparse.csr_matrix, scale: float) -> sparse.csr_matrix:
    # Dividing by the whole length (a cosine) favours titles of one or two words.
    lengths = _lengths(matrix)
    factors = np.zeros_like(lengths)
    is_filled = lengths > 0
    factors[is_filled] = 1 / (lengths[is_filled] ** DOCUMENT_NORM_POWER * scale ** (1 - DOCUMENT_NORM_POWER))
    return (sparse.diags(factors.astype(np.float32)) @ matrix).tocsr()

"""Predict grades for a need of which some technologies are judged already, from those and from the text.

An enterprise that has judged part of a list has said how strict it is and what it likes: technologies near the ones
it liked deserve a better place. Fitted by scikit-learn, so nothing in a web process imports this.
"""

import numpy as np
from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier

from matching.engine.evaluation import Evaluation, by_need, measure
from matching.engine.training import LEARNED_PARTS, Judged, text_means, train

GRADES = np.arange(1, 5)
GAINS = 2.0 ** (GRADES - 1) - 1
INNER_FOLDS = 5
SHRINKAGE = 3.0
"""So many judgements of the average kind are added to a need's own."""
NEAR_SHRINKAGE = 0.3
NEARNESS_POWERS = (2, 4)
TOPIC_POWERS = (4, 12)
SCORE_WIDTH = 0.2
TWIN = 0.999


def cross_validate_pairs(judged: Judged, folds: int, *, seed: int = 0) -> tuple[Evaluation, np.ndarray]:
    """Leave out random pairs, learn from all others, and return the figures with each pair's chance of being related.

    Ranks go by the expected gain.
    """
    count = len(judged.need)
    fold = np.random.default_rng(seed).permutation(count) % folds
    chances = np.zeros((count, len(GRADES)))
    for number in range(folds):
        known, asked = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        chances[asked] = predict(judged, known, asked)
    predicted = 1 + (np.cumsum(chances, axis=1) < 0.5).sum(axis=1)
    figures = measure(judged.need, judged.grade, chances @ GAINS, np.minimum(predicted, 4))
    return figures, chances[:, 1:].sum(axis=1)


def predict(judged: Judged, known: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """Return the probability of each grade for the pairs asked about, from the grades of the known ones alone."""
    model = train(judged, known)
    similarities = judged.similarities(model)
    score = np.asarray(model.calibrated(text_means(model, similarities)))
    text = np.column_stack([score, *(similarities[part] for part in LEARNED_PARTS)])
    neighbours = _Neighbours(judged, score)
    # While learning, a pair sees only judgements of other folds, as many as it will see when asked about.
    inner = np.random.default_rng(1).permutation(len(known)) % INNER_FOLDS
    seen = np.zeros((len(known), neighbours.width))
    for number in range(INNER_FOLDS):
        seen[inner == number] = neighbours.of(known[inner == number], known[inner != number])
    given = np.hstack([text[known], seen])
    wanted = np.hstack([text[asked], neighbours.of(asked, known)])
    chances = np.zeros((len(asked), len(GRADES)))
    for learner in (
        HistGradientBoostingClassifier(
            max_iter=150, learning_rate=0.05, max_leaf_nodes=10, min_samples_leaf=30, l2_regularization=5,
            max_features=0.5, random_state=0, early_stopping=False,
        ),
        ExtraTreesClassifier(300, min_samples_leaf=5, max_features=0.4, random_state=0),
    ):  # fmt: skip
        learner.fit(given, judged.grade[known])
        chances[:, learner.classes_ - 1] += learner.predict_proba(wanted) / 2
    return chances


class _Neighbours:
    """Summarise, for pairs, the known judgements of the same need, near ones most."""

    def __init__(self, judged: Judged, score: np.ndarray):
        self._judged = judged
        base = judged.index.base
        titles = judged.index.model.queries([base.profiles[row].title.lower() for row in judged.technology])
        self._kernels = {}
        for pairs in by_need(judged.need):
            near = (titles[pairs] @ titles[pairs].T).toarray()
            kernels = [near**power for power in NEARNESS_POWERS]
            if base.topics is not None:
                topics = base.topics[judged.technology[pairs]].astype(np.float32)
                kernels += [np.clip(topics @ topics.T, 0, 1) ** power for power in TOPIC_POWERS]
            apart = np.subtract.outer(score[pairs], score[pairs])
            kernels += [np.exp(-((apart / SCORE_WIDTH) ** 2)), (near > TWIN) * 1.0]
            self._kernels[int(judged.need[pairs[0]])] = (pairs, kernels)
        self.width = 5 + 2 * len(kernels)

    def of(self, asked: np.ndarray, known: np.ndarray) -> np.ndarray:
        """Return a row of summaries for each pair asked about; a pair never sees its own grade."""
        judged = self._judged
        is_known = np.zeros(len(judged.need), dtype=bool)
        is_known[known] = True
        average = np.bincount(judged.grade[known], minlength=5)[1:] / len(known)
        result = np.zeros((len(judged.need), self.width))
        for number in np.unique(judged.need[asked]):
            pairs, kernels = self._kernels[int(number)]
            grade = judged.grade[pairs]
            seen = np.tile(is_known[pairs], (len(pairs), 1)).astype(float)
            np.fill_diagonal(seen, 0)
            total = seen.sum(axis=1)
            shares = np.stack([seen @ (grade == each) for each in GRADES], axis=1) + SHRINKAGE * average
            shares /= (total + SHRINKAGE)[:, None]
            mean = shares @ GRADES
            columns = [mean, total, *shares[:, 1:].T]
            for kernel in kernels:
                weight = seen * kernel
                near = weight.sum(axis=1)
                columns += [(weight @ grade + NEAR_SHRINKAGE * mean) / (near + NEAR_SHRINKAGE), near]
            result[pairs] = np.column_stack(columns)
        return result[asked]

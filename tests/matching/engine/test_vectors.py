import subprocess
import sys

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.preprocessing import normalize

from matching.engine.text import terms
from matching.engine.vectors import TextModel

TITLES = ["空压机余热回收", "磁悬浮鼓风机替代罗茨风机", "余热锅炉", ""]
BODIES = ["回收压缩热制备55℃热水,热水用于洗浴和采暖", "", "烟气余热产汽,余热余热", "照明"]


def test_vectors_equal_those_of_scikit_learn():
    model = TextModel.fit(TITLES, BODIES)
    reference = TfidfVectorizer(
        analyzer=terms, sublinear_tf=True, norm=None, dtype=np.float32, vocabulary=model.vocabulary
    )
    reference.idf_ = model.weights
    texts = [*TITLES, *BODIES, "没有一个词"]
    expected = reference.transform(texts)
    assert abs(model.vectors(texts) - expected).max() < 1e-5
    assert abs(model.queries(texts) - normalize(expected)).max() < 1e-6


def test_answering_needs_loads_no_fitting_library():
    code = (
        "import sys, matching.engine.index, matching.engine.storage;"
        "print([name for name in ('sklearn', 'numba', 'pandas') if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"

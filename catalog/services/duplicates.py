"""Find technologies that are probably listed twice."""

import importlib
import re
import unicodedata
from dataclasses import dataclass

import numpy as np
from django.core.cache import cache
from django.db.models import Count, Max
from django.utils.translation import gettext as _
from scipy import sparse

from catalog.enums import Origin
from catalog.models import DistinctPair, Technology

THRESHOLD = 0.62
SAME_OWNER = 0.12
OTHER_OWNER = -0.15
BLOCK = 1000
MOST_PAIRS = 2000
CACHE_SECONDS = 600
# Words that nearly every title holds and that tell nothing apart.
EMPTY_WORDS = re.compile("技术|装置|系统|设备|及其应用|应用|新型|高效|节能")  # data: words of titles


@dataclass(frozen=True)
class Pair:
    """Two keys, how alike they are from 0 to 1, and whether owner and catalogue item agree."""

    first_id: int
    second_id: int
    score: float
    title_similarity: float
    is_same_owner: bool
    is_same_item: bool

    @property
    def reasons(self):
        """Return why the two are listed, in words."""
        reasons = [_("名称相似度 %d%%") % round(100 * self.title_similarity)]
        if self.is_same_owner:
            reasons.append(_("技术拥有单位相同"))
        if self.is_same_item:
            reasons.append(_("目录、版本和序号相同"))
        return reasons


def likely_duplicates() -> list[Pair]:
    """Return the pairs among live technologies that are probably one, most alike first.

    Titles are compared by TF-IDF over character 2- and 3-grams (cosine), in blocks, so that 8,000 titles take
    seconds and little memory; the same owner adds to the score, a different known owner takes from it, the same
    item of the same catalogue edition is certain. Reference entries have no owner and are left out. Pairs that
    officials called distinct do not come back. Kept for ten minutes or until the library changes.
    """
    rows = candidates()
    state = rows.aggregate(count=Count("pk"), latest=Max("updated_at"))
    key = f"duplicates:{state['count']}:{state['latest']:%Y%m%d%H%M%S%f}" if state["count"] else ""
    pairs = cache.get(key) if key else []
    if pairs is None:
        pairs = find_pairs(list(rows.values_list(*FIELDS)))
        cache.set(key, pairs, CACHE_SECONDS)
    distinct = set(DistinctPair.objects.values_list("first_id", "second_id"))
    return [pair for pair in pairs if (pair.first_id, pair.second_id) not in distinct]


FIELDS = (
    *("pk", "title", "owner_name", "organisation__name", "organisation__credit_code"),
    *("source_catalogue", "source_edition", "source_item"),
)


def similar_listings(technology: Technology, *, most: int = 3) -> list[tuple[Technology, Pair]]:
    """Return live technologies that a submitted one probably repeats, most alike first."""
    owner = technology.organisation
    own = (
        *(technology.pk, technology.title, technology.owner_name),
        *((owner.name, owner.credit_code) if owner else ("", "")),
        *(technology.source_catalogue, technology.source_edition, technology.source_item),
    )
    rows = [own, *candidates().exclude(pk=technology.pk).values_list(*FIELDS)]
    matrix, owners, items = read(rows)
    found = [
        judged(0, j, similarity, rows, owners, items)
        for j, similarity in enumerate((matrix[1:] @ matrix[0].T).toarray().ravel(), start=1)
        if similarity >= THRESHOLD - SAME_OWNER or (items[0] and items[0] == items[j])
    ]
    best = sorted((pair for pair in found if pair.score >= THRESHOLD), key=lambda pair: -pair.score)[:most]
    listings = Technology.objects.in_bulk([pair.second_id for pair in best])
    return [(listings[pair.second_id], pair) for pair in best if pair.second_id in listings]


def candidates():
    return (
        Technology.objects.filter(live=True, merged_into=None).exclude(origin=Origin.REFERENCE).order_by("pk")
    )


def find_pairs(rows: list[tuple]) -> list[Pair]:
    """Return the likely pairs of rows of FIELDS, best first."""
    if len(rows) < 2:
        return []
    matrix, owners, items = read(rows)
    pairs = {}
    for i, j, similarity in similar(matrix):
        pair = judged(i, j, similarity, rows, owners, items)
        if pair.score >= THRESHOLD:
            pairs[i, j] = pair
    for i, j in same_items(items):
        if (i, j) not in pairs:
            similarity = float(matrix[i].multiply(matrix[j]).sum())
            pairs[i, j] = judged(i, j, similarity, rows, owners, items)
    return sorted(pairs.values(), key=lambda pair: -pair.score)[:MOST_PAIRS]


def read(rows):
    """Return title vectors of unit length, keys of owners and catalogue items of rows of FIELDS."""
    titles = [folded(row[1]) for row in rows]
    # Not imported above: scikit-learn takes seconds to load, and every process would pay them at its start.
    text = importlib.import_module("sklearn.feature_extraction.text")
    vectorizer = text.TfidfVectorizer(analyzer="char", ngram_range=(2, 3), sublinear_tf=True)
    matrix = vectorizer.fit_transform([title if len(title) > 1 else f"{title}  " for title in titles])
    return matrix, [owner_keys(row) for row in rows], [item_key(row) for row in rows]


def similar(matrix: sparse.csr_matrix):
    """Yield (i, j, cosine) with i < j for pairs that could reach the threshold."""
    transposed = matrix.T.tocsc()
    for start in range(0, matrix.shape[0], BLOCK):
        block = (matrix[start : start + BLOCK] @ transposed).tocoo()
        rows = block.row + start
        keep = (block.col > rows) & (block.data >= THRESHOLD - SAME_OWNER)
        yield from zip(
            rows[keep].tolist(),
            block.col[keep].tolist(),
            np.minimum(block.data[keep], 1).tolist(),
            strict=True,
        )


def judged(i, j, similarity, rows, owners, items) -> Pair:
    is_same_owner = bool(owners[i] & owners[j])
    is_same_item = items[i] is not None and items[i] == items[j]
    score = similarity
    if is_same_owner:
        score += SAME_OWNER
    elif owners[i] and owners[j]:
        score += OTHER_OWNER
    score = 1.0 if is_same_item else min(max(score, 0.0), 1.0)
    return Pair(rows[i][0], rows[j][0], score, similarity, is_same_owner, is_same_item)


def same_items(items):
    """Yield the index pairs that share a catalogue item."""
    seen = {}
    for index, item in enumerate(items):
        if item is not None:
            for earlier in seen.get(item, ()):
                yield earlier, index
            seen.setdefault(item, []).append(index)


def folded(title: str) -> str:
    """Return a title without width, case, punctuation and words that nearly every title holds."""
    text = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", title)).lower()
    return EMPTY_WORDS.sub("", text) or text


def owner_keys(row) -> frozenset[str]:
    """Return everything by which the owner of a row can be recognised."""
    _pk, _title, owner_name, name, credit_code, *_rest = row
    return frozenset(key for key in (folded(owner_name or ""), folded(name or ""), credit_code) if key)


def item_key(row):
    catalogue, edition, item = row[5:8]
    return (folded(catalogue), folded(edition), folded(item)) if catalogue and item else None


def call_distinct(first: Technology, second: Technology, *, user) -> None:
    """Remember that two technologies are not the same."""
    low, high = sorted([first.pk, second.pk])
    DistinctPair.objects.get_or_create(first_id=low, second_id=high, defaults={"decided_by": user})

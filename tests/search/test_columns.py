"""What is held in memory follows the database, whoever wrote and whatever was rolled back."""

import random

import numpy as np
import pytest
from django.db import transaction

from search import embedded
from search.columns import columns_of
from search.embedded import EmbeddedEngine
from search.engine import Document, Filters, Query
from search.models import Write

pytestmark = pytest.mark.django_db
KIND = "technology"


@pytest.fixture
def engine(db, monkeypatch):
    monkeypatch.setattr("search.columns._held", {})
    return EmbeddedEngine()


def document(number, title="甲", kind=KIND, **facets):
    pairs = frozenset((name, value) for name, values in facets.items() for value in values)
    return Document(kind, number, title, facets=pairs)


def found(engine, text="", **accepted):
    query = Query(KIND, text, Filters({name: frozenset(values) for name, values in accepted.items()}))
    return [hit.object_id for hit in engine.search(query).hits]


def systems(engine):
    facets = engine.search(Query(KIND)).facets
    return dict(facets["system"].counts) if "system" in facets else {}


def test_write_is_read_alone(engine, django_assert_num_queries):
    engine.add([document(1, system=["motor"]), document(2, system=["motor"])])
    before = columns_of(KIND)
    engine.add([document(2, system=["boiler"]), document(3)])
    with django_assert_num_queries(3):
        after = columns_of(KIND)
    assert (len(before), len(after), after.alive.tolist()) == (2, 4, [True, False, True, True])
    assert systems(engine) == {"motor": 1, "boiler": 1}
    with django_assert_num_queries(1):
        assert columns_of(KIND) is after


def test_other_kind_is_not_read_anew(engine):
    engine.add([document(1)])
    before = columns_of(KIND)
    engine.add([document(1, kind="demand")])
    assert columns_of(KIND) is before


def test_what_was_rolled_back_is_gone_again(engine):
    engine.add([document(1, "热泵", system=["motor"]), document(2, "热泵")])
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        engine.add([document(1, "锅炉", system=["boiler"]), document(3)])
        engine.remove(KIND, [2])
        assert (found(engine, "热泵"), found(engine, "锅炉"), systems(engine)) == ([], [1], {"boiler": 1})
        raise ZeroDivisionError
    assert (found(engine, "热泵"), found(engine, "锅炉"), systems(engine)) == ([2, 1], [], {"motor": 1})


def test_many_writes_are_kept_as_one(engine, monkeypatch):
    monkeypatch.setattr(embedded, "_MOST_WRITES", 3)
    for number in range(1, 9):
        engine.add([document(number)])
        assert len(found(engine)) == number
    assert Write.objects.filter(kind=KIND).count() <= 3


def test_many_changes_are_read_anew_as_a_whole(engine, monkeypatch):
    monkeypatch.setattr("search.columns._MOST_FRESH", 4)
    engine.add([document(number) for number in range(1, 4)])
    for title in "乙丙丁":
        engine.add([document(number, title) for number in range(1, 4)])
        assert found(engine, title) == [3, 2, 1]
    assert len(columns_of(KIND)) <= 8


def test_counts_are_those_of_counting_one_by_one(engine):
    generator, choices = random.Random(1), {"system": "abc", "carrier": "de", "industry": "fghij"}
    documents = [
        document(number, **{name: generator.sample(values, generator.randrange(3)) for name, values in choices.items()})
        for number in range(1, 60)
    ]  # fmt: skip
    engine.add(documents)
    engine.add(documents[::5])
    for _time in range(40):
        accepted = {name: set(generator.sample(values, generator.randrange(3))) for name, values in choices.items() if generator.random() < 0.6}  # fmt: skip
        asked = Filters({name: frozenset(values) for name, values in accepted.items()})
        results = engine.search(Query(KIND, "", asked, page_size=100))
        for name in choices:
            others = {other: values for other, values in accepted.items() if values and other != name}
            left = [one for one in documents if all(any((other, value) in one.facets for value in values) for other, values in others.items())]  # fmt: skip
            counts = {value: sum((name, value) in one.facets for one in left) for value in choices[name]}
            given = results.facets[name].counts if name in results.facets else {}
            assert dict(given) == {value: count for value, count in counts.items() if count}


def test_best_titles_come_first_beyond_what_is_ranked(engine, monkeypatch):
    monkeypatch.setattr(embedded, "_RANKED", 3)
    engine.add(
        [
            Document(KIND, number, "热泵" if number in {2, 5} else "其他", body="热泵")
            for number in range(1, 8)
        ]
    )
    first = engine.search(Query(KIND, "热泵", page_size=3, is_wide=True))
    second = engine.search(Query(KIND, "热泵", page=2, page_size=3, is_wide=True))
    assert [hit.object_id for hit in first.hits] == [5, 2, 7]
    assert [hit.object_id for hit in second.hits] == [6, 4, 3]
    assert np.all(np.diff([hit.score for hit in first.hits]) <= 0)

"""What the tests of search share."""

import logging
import os
from uuid import uuid4

import pytest

from accounts.models import Area, Industry
from search.elastic import SETTINGS, ElasticEngine, mapping
from search.elastic_client import breaker, write_client
from search.embedded import EmbeddedEngine
from search.enums import Kind
from search.services import rebuild_index

# Set by tools/with-elasticsearch. Where it is set, a server that is not there fails the tests.
HAS_ELASTICSEARCH = bool(os.environ.get("ELASTICSEARCH_URL"))
ENGINES = ["elastic"] if HAS_ELASTICSEARCH else ["embedded"]
collect_ignore = [] if HAS_ELASTICSEARCH else ["test_elastic.py", "test_elastic_upkeep.py", "test_outage.py"]


@pytest.fixture(scope="session")
def elastic_alias():
    """An index for the tests of the engine itself, emptied after each."""
    name = f"engine-{uuid4().hex[:8]}"
    indices = write_client().indices
    indices.create(index=f"{name}-1", aliases={name: {}}, mappings=mapping(), settings=SETTINGS)
    yield name
    indices.delete(index=f"{name}-1")


@pytest.fixture(params=ENGINES)
def engine(request, db):
    """Each engine in turn; the embedded one over whichever database holds the site's data."""
    if request.param == "embedded":
        yield EmbeddedEngine()
        return
    engine = ElasticEngine(request.getfixturevalue("elastic_alias"))
    yield engine
    for kind in Kind.values:
        engine.remove(kind, engine.ids(kind))


@pytest.fixture
def fallbacks():
    """The log of the times that the embedded engine had to answer for Elasticsearch; a test that reads it expects some."""
    records = []
    handler = logging.Handler()
    handler.emit = records.append
    loggers = [logging.getLogger(name) for name in ("search.fallback", "search.elastic_upkeep")]
    for logger in loggers:
        logger.addHandler(handler)
    yield records
    for logger in loggers:
        logger.removeHandler(handler)


@pytest.fixture(autouse=True)
def _own_indices(request, settings):
    """Give each test indices of its own, and fail it where the embedded engine silently stood in."""
    breaker.reset()
    if not HAS_ELASTICSEARCH:
        yield
        breaker.reset()
        return
    settings.ELASTICSEARCH_PREFIX = prefix = f"t{uuid4().hex[:8]}"
    # A busy machine must not make the tests fall back.
    settings.ELASTICSEARCH_TIMEOUT_MS = 10_000
    is_expected = "fallbacks" in request.fixturenames
    records = [] if is_expected else request.getfixturevalue("fallbacks")
    yield
    settings.ELASTICSEARCH_URL = os.environ["ELASTICSEARCH_URL"]
    if "db" in request.fixturenames:
        names = write_client().indices.get(index=f"{prefix}-*", expand_wildcards="all")
        for name in names:
            write_client().indices.delete(index=name)
    breaker.reset()
    assert [record.getMessage() for record in records if record.levelno >= logging.WARNING] == []


@pytest.fixture
def tree(db):
    """A section with two divisions and a class, as of GB/T 4754."""
    names = {"C": "制造业", "C17": "纺织业", "C26": "化学原料和化学制品制造业", "C261": "基础化学原料制造", "C2614": "有机化学原料制造"}  # fmt: skip
    rows = {}
    for code, name in names.items():
        parent = next((rows[code[:n]] for n in (4, 3, 1) if n < len(code) and code[:n] in rows), None)
        level = {1: 0, 3: 1, 4: 2, 5: 3}[len(code)]
        defaults = {"name": name, "level": level, "parent": parent}
        rows[code], _ = Industry.objects.get_or_create(code=code, defaults=defaults)
    return rows


@pytest.fixture
def town(db):
    return Area.objects.get_or_create(code="310116999", defaults={"name": "示例镇", "kind": "town"})[0]


@pytest.fixture
def index(db):
    """Return the function that indexes what the test made."""
    return rebuild_index

"""An empty index on Elasticsearch beside the real one, deleted after use."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from django.conf import settings

from search.elastic import SETTINGS, ElasticEngine, mapping
from search.elastic_client import FAILURES, write_client


@contextmanager
def elastic_scratch() -> Iterator[ElasticEngine]:
    """Yield an engine on Elasticsearch that holds nothing; its index is never behind the alias that visitors ask.

    Raises ConnectionError when the server fails.
    """
    try:
        with _index() as alias:
            yield ElasticEngine(alias)
    except FAILURES as error:
        raise ConnectionError(str(error)) from error


@contextmanager
def _index() -> Iterator[str]:
    alias = f"{settings.ELASTICSEARCH_PREFIX}-evaluation-{uuid4().hex[:8]}"
    indices = write_client().indices
    indices.create(index=f"{alias}-1", aliases={alias: {}}, mappings=mapping(), settings=SETTINGS)
    try:
        yield alias
    finally:
        indices.delete(index=f"{alias}-1", ignore_unavailable=True)

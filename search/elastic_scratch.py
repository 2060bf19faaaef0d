"""An empty index on Elasticsearch beside the real one, deleted after use."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from django.conf import settings

from search.elastic import SETTINGS, ElasticEngine, mapping
from search.elastic_client import write_client


@contextmanager
def elastic_scratch() -> Iterator[ElasticEngine]:
    """Yield an engine on Elasticsearch that holds nothing; its index is never behind the alias that visitors ask."""
    alias = f"{settings.ELASTICSEARCH_PREFIX}-evaluation-{uuid4().hex[:8]}"
    indices = write_client().indices
    try:
        indices.create(index=f"{alias}-1", aliases={alias: {}}, mappings=mapping(), settings=SETTINGS)
        yield ElasticEngine(alias)
    finally:
        indices.delete(index=f"{alias}-1", ignore_unavailable=True)

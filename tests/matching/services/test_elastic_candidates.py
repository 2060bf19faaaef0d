"""Candidates from Elasticsearch, with a small stand-in for the server at the edge of the network."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from matching.services.recommending import recommend_for_demand
from search import fallback
from search.elastic_client import breaker
from search.models import ElasticState

pytestmark = pytest.mark.django_db


class StandIn(ThreadingHTTPServer):
    """Answers every search with the ids it was given, best first, as the server does for this request."""

    ids: tuple[int, ...] = ()
    status = 200

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answer)
        self.asked = []


class Answer(BaseHTTPRequestHandler):
    def do_POST(self):
        length = int(self.headers["Content-Length"])
        self.server.asked.append((self.path, json.loads(self.rfile.read(length))))
        hits = [
            {"_index": "i", "_id": f"technology-{pk}", "_score": None, "sort": [9.5 - place, pk]}
            for place, pk in enumerate(self.server.ids)
        ]
        shards = {"total": 1, "successful": 1, "skipped": 0, "failed": 0}
        content = json.dumps(
            {"took": 1, "timed_out": False, "_shards": shards, "hits": {"hits": hits}}
        ).encode()
        self.send_response(self.server.status)
        self.send_header("X-Elastic-Product", "Elasticsearch")
        self.send_header("Content-Type", "application/vnd.elasticsearch+json; compatible-with=8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def server(settings):
    breaker.reset()
    with StandIn() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.ELASTICSEARCH_URL = f"http://127.0.0.1:{server.server_port}"
        settings.MATCHING_CANDIDATES = 200
        ElasticState.objects.create(pk=1, alias=f"{fallback.alias_stem()}12345678")
        yield server
        server.shutdown()
    breaker.reset()


@pytest.fixture
def shelf(make_technology, taxonomy):
    return [
        make_technology(title, systems=[taxonomy.compressed_air])
        for title in ("空压机余热回收", "空压机热能利用", "空压站余热制热水")
    ]


def test_only_candidates_are_listed_with_the_scores_of_our_scorer(
    server, shelf, make_demand, taxonomy, settings
):
    demand = make_demand("空压机余热没有利用", systems=[taxonomy.compressed_air])
    settings.MATCHING_CANDIDATES = 0
    everything = {row.technology_id: row.score for row in recommend_for_demand(demand)}
    assert set(everything) == {each.pk for each in shelf}
    settings.MATCHING_CANDIDATES = 200
    server.ids = (shelf[2].pk, shelf[0].pk, 999_999)
    listed = {row.technology_id: row.score for row in recommend_for_demand(demand)}
    assert listed == {
        pk: pytest.approx(score) for pk, score in everything.items() if pk in {shelf[0].pk, shelf[2].pk}
    }


def test_one_request_asks_for_public_technologies_by_words_and_system(server, shelf, make_demand, taxonomy):
    recommend_for_demand(make_demand("空压机余热没有利用", systems=[taxonomy.compressed_air]))
    ((path, body),) = server.asked
    assert path.startswith(f"/{fallback.trusted_alias()}/_search")
    assert body["size"] == 200
    asked = json.dumps(body, ensure_ascii=False)
    assert '{"term": {"kind": "technology"}}' in asked
    assert "visible_until" in asked
    assert '"system:compressed_air"' in asked
    assert "余 热" in asked


@pytest.mark.parametrize("status", [500, 404])
def test_the_whole_library_is_compared_while_the_server_fails(server, shelf, make_demand, status):
    server.status = status
    demand = make_demand("空压机余热没有利用")
    assert {row.technology_id for row in recommend_for_demand(demand)} == {each.pk for each in shelf}


def test_nothing_is_asked_before_the_index_is_trusted(server, shelf, make_demand):
    ElasticState.objects.update(alias="")
    assert len(recommend_for_demand(make_demand("空压机余热没有利用"))) == 3
    assert server.asked == []

"""The API for other systems."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import ApiToken
from matching.models import Recommendation


@pytest.fixture
def key(cast):
    token = ApiToken(name="示例能耗平台", purpose="read_recommendations", created_by=cast.librarian)
    key = token.make_key()
    token.save()
    return key


@pytest.fixture
def stored(cast, make_technology, make_demand):
    demand = make_demand(organisation=cast.enterprise_firm)
    return [
        Recommendation.objects.create(
            demand=demand, technology=make_technology(f"技术{rank}", organisation=cast.supplier_firm),
            score=0.9 - rank / 10, rank=rank, base_score=0.9 - rank / 10, base_rank=rank, engine_version="test",
            parts=[{"name": "title", "value": 0.9, "contribution": 0.9 - rank / 10}],
        )
        for rank in (1, 2, 3)
    ]  # fmt: skip


def ask(client, firm, key, query="", **headers):
    credit_code = getattr(firm, "credit_code", firm)
    headers = {"HTTP_AUTHORIZATION": f"Bearer {key}", **headers}
    return client.get(f"/api/v1/organisations/{credit_code}/recommendations{query}", **headers)


def test_recommendations_carry_scores_reasons_and_links(client, cast, key, stored):
    answer = ask(client, cast.enterprise_firm, key)
    assert answer.status_code == 200
    body = answer.json()
    assert [item["technology"]["title"] for item in body["items"]] == ["技术1", "技术2", "技术3"]
    first = body["items"][0]
    assert first["id"] == f"{stored[0].demand_id}-{stored[0].technology_id}"
    assert first["score"] == pytest.approx(0.8)
    assert set(first["reasons"]) == {"fits", "conflicts", "unknown"}
    assert first["technology"]["url"].endswith(f"/technologies/{stored[0].technology_id}/")


def test_pages_follow_each_other(client, cast, key, stored):
    body = ask(client, cast.enterprise_firm, key, "?page_size=2").json()
    assert (body["count"], len(body["items"])) == (3, 2)
    assert "page=2" in body["next"]
    last = ask(client, cast.enterprise_firm, key, "?page_size=2&page=2").json()
    assert (len(last["items"]), last["next"]) == (1, None)
    assert ask(client, cast.enterprise_firm, key, "?page=99999").json()["items"] == []


def test_unchanged_answer_is_not_sent_again(client, cast, key, stored):
    etag = ask(client, cast.enterprise_firm, key)["ETag"]
    answer = ask(client, cast.enterprise_firm, key, HTTP_IF_NONE_MATCH=etag)
    assert (answer.status_code, answer.content) == (304, b"")
    Recommendation.objects.filter(pk=stored[0].pk).update(score=0.95)
    assert ask(client, cast.enterprise_firm, key, HTTP_IF_NONE_MATCH=etag).status_code == 200


def test_lower_case_code_is_understood(client, cast, key, stored):
    assert ask(client, cast.enterprise_firm.credit_code.lower(), key).json()["count"] == 3


def test_unpublished_need_is_not_told(client, cast, key, stored):
    stored[0].demand.unpublish()
    assert ask(client, cast.enterprise_firm, key).json()["count"] == 0


@pytest.mark.parametrize("wrong", ["", "nonsense"])
def test_request_without_a_valid_token_is_refused(client, cast, stored, wrong):
    assert ask(client, cast.enterprise_firm, wrong).status_code == 401


@pytest.mark.parametrize(
    "fields", [{"revoked_at": timezone.now()}, {"expires_at": timezone.now() - timedelta(1)}]
)
def test_revoked_or_expired_token_is_refused(client, cast, key, stored, fields):
    ApiToken.objects.update(**fields)
    assert ask(client, cast.enterprise_firm, key).status_code == 401


def test_token_of_another_purpose_is_refused(client, cast, key, stored):
    ApiToken.objects.update(purpose="something_else")
    assert ask(client, cast.enterprise_firm, key).status_code == 401


def test_token_limited_to_others_answers_as_if_nothing_existed(client, cast, key, stored):
    ApiToken.objects.get().organisations.add(cast.second_firm)
    answer = ask(client, cast.enterprise_firm, key)
    unknown = ask(client, "91310116MA0000000X", key)
    assert (answer.status_code, answer.json()) == (404, unknown.json())


@pytest.mark.parametrize("query", ["?page=0", "?page=x", "?page_size=9999", "?page=1e9"])
def test_wrong_page_names_the_parameter(client, cast, key, stored, query):
    answer = ask(client, cast.enterprise_firm, key, query)
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"][-1] in {"page", "page_size"}


def test_description_is_served_without_foreign_hosts(client, db):
    assert client.get("/api/v1/openapi.json").json()["info"]["title"]
    page = client.get("/api/v1/docs").content.decode()
    assert "https://" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_number_of_queries_is_constant(client, cast, key, stored, django_assert_max_num_queries, count):
    Recommendation.objects.filter(rank__gt=count).delete()
    ask(client, cast.enterprise_firm, key)
    with django_assert_max_num_queries(12):
        ask(client, cast.enterprise_firm, key)

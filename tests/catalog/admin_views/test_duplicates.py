"""Likely duplicates in the Wagtail admin."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from catalog.models import Technology, TechnologyMerge
from catalog.services.publishing import publish_directly

LIST = "/admin/duplicates/"


@pytest.fixture
def pair(cast):
    titles = ("磁悬浮离心鼓风机", "磁悬浮离心鼓风机<b>")
    return [
        publish_directly(Technology(title=title, summary=summary), user=cast.librarian)
        for title, summary in zip(titles, ("省电", "更省电"), strict=True)
    ]


def compare_url(pair):
    return reverse("catalog_duplicates:compare", args=[technology.pk for technology in pair])


def test_list_says_when_there_is_nothing(cast, as_):
    assert "没有发现疑似重复" in as_(cast.librarian).get(LIST).content.decode()


def test_list_takes_the_same_queries_for_one_and_three(cast, as_, pair, django_assert_num_queries):
    client = as_(cast.librarian)
    client.get(LIST)
    with CaptureQueriesContext(connection) as one:
        html = client.get(LIST).content.decode()
    count = len(one)
    assert "共 1 对" in html and "&lt;b&gt;" in html and "鼓风机<b>" not in html
    publish_directly(Technology(title="磁悬浮离心鼓风机"), user=cast.librarian)
    client.get(LIST)
    with django_assert_num_queries(count):
        assert "共 3 对" in client.get(LIST).content.decode()


@pytest.mark.parametrize("person", ["reviewer", "pusher", "supplier", "visitor"])
def test_only_librarians_open_it(cast, as_, pair, person):
    client = as_(getattr(cast, person))
    for url in (LIST, compare_url(pair), f"{LIST}mergers/"):
        response = client.get(url)
        assert response.status_code == 302 and not response.url.startswith(LIST)
    client.post(compare_url(pair), {"survivor": pair[0].pk, "is_confirmed": 1})
    assert not TechnologyMerge.objects.exists()


def test_merger_asks_once_more_and_the_old_address_leads_on(cast, as_, pair):
    client = as_(cast.librarian)
    html = client.get(compare_url(pair)).content.decode()
    assert 'name="choice_title"' in html and "更省电" in html
    data = {"survivor": pair[0].pk, "choice_summary": "other", "choice_title": "survivor"}
    html = client.post(compare_url(pair), data).content.decode()
    assert "确认合并" in html and not TechnologyMerge.objects.exists()
    client.post(compare_url(pair), data | {"is_confirmed": "1"})
    assert Technology.objects.public().get().summary == "更省电"
    old = reverse("catalog:technology", args=[pair[1].pk])
    assert as_(None).get(old).url == reverse("catalog:technology", args=[pair[0].pk])


def test_the_other_one_can_be_kept(cast, as_, pair):
    client = as_(cast.librarian)
    client.post(compare_url(pair), {"survivor": pair[1].pk, "is_confirmed": "1"})
    assert Technology.objects.public().get() == pair[1]


def test_merger_is_undone_from_its_record(cast, as_, pair):
    client = as_(cast.librarian)
    client.post(compare_url(pair), {"survivor": pair[0].pk, "is_confirmed": "1"})
    url = reverse("catalog_duplicates:undo", args=[TechnologyMerge.objects.get().pk])
    assert "撤销合并" in client.get(f"{LIST}mergers/").content.decode()
    assert "恢复公开" in client.get(url).content.decode()
    client.post(url)
    assert Technology.objects.public().count() == 2


def test_pair_that_is_no_duplicate_is_remembered(cast, as_, pair):
    client = as_(cast.librarian)
    client.post(reverse("catalog_duplicates:keep", args=[pair[1].pk, pair[0].pk]))
    assert "没有发现疑似重复" in client.get(LIST).content.decode()


def test_unknown_pair_does_not_exist(cast, as_):
    assert as_(cast.librarian).get(f"{LIST}998/999/").status_code == 404

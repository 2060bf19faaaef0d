"""A visitor finds a technology, on a desktop and on a phone."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE, is_wider_than_the_screen

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_visitor_searches_filters_reads_and_looks_at_needs(page, size):
    page.set_viewport_size(size)
    page.goto("/")
    assert not is_wider_than_the_screen(page)
    box = page.get_by_role("main").locator("input[type=search]").first
    box.fill("余热")
    box.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("余热")
    page.goto("/technologies/?q=空压机余热")
    expect(page.get_by_role("main").get_by_role("link", name="空压机余热回收", exact=True)).to_be_visible()
    assert not is_wider_than_the_screen(page)
    page.goto("/technologies/?q=空压机余热&system=compressed_air&sort=payback")
    page.get_by_role("main").get_by_role("link", name="空压机余热回收", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("空压机余热回收")
    expect(page.get_by_role("main")).to_contain_text("参考条目（典型值）")
    expect(page.get_by_role("main")).to_contain_text("不适用情形")
    assert not is_wider_than_the_screen(page)
    page.goto("/demands/")
    page.get_by_role("main").get_by_role("link", name="示例").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("示例")
    assert not is_wider_than_the_screen(page)


@pytest.mark.parametrize("query", ['"', "'; DROP TABLE", "余" * 500, "()*:^", "\u0000\u0007"])
def test_nasty_searches_get_a_page(page, query):
    for path in ("/technologies/", "/demands/", "/search/"):
        answer = page.request.get(path, params={"q": query})
        assert answer.status == 200


def test_missing_page_helps(page, site):
    answer = page.request.get("/technologies/999999/")
    assert answer.status == 404
    assert "技术库" in answer.text()

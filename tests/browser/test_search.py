"""A visitor narrows down the technology list."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE

pytestmark = pytest.mark.browser


def total(page):
    return int(page.locator("#results [role=status] strong").inner_text())


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_visitor_narrows_down_and_goes_back(page, size):
    page.set_viewport_size(size)
    page.goto("/technologies/?q=余热")
    everything = total(page)
    if size == PHONE:
        expect(page.locator("#system-waste_heat")).to_be_hidden()
        page.locator(".filters--folding > summary").click()
    promised = int(page.locator("li:has(#system-waste_heat) .count").inner_text())
    page.locator("#system-waste_heat").check()
    expect(page.locator(".chip")).to_have_count(1)
    assert total(page) == promised <= everything
    assert page.url.endswith("&system=waste_heat")
    expect(page.locator("#system-waste_heat")).to_be_focused()
    expect(page.locator("#system-waste_heat")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator(".chip").click()
    expect(page.locator(".chip")).to_have_count(0)
    assert total(page) == everything
    page.go_back()
    expect(page.locator(".chip")).to_have_count(1)


def test_filters_work_without_javascript(browser, base_url):
    context = browser.new_context(
        base_url=base_url, java_script_enabled=False, viewport=PHONE, locale="zh-CN"
    )
    page = context.new_page()
    page.goto("/technologies/?q=余热")
    page.locator(".filters--folding > summary").click()
    page.locator("#system-waste_heat").check()
    page.get_by_role("button", name="应用筛选").click()
    expect(page.locator(".chip")).to_have_count(1)
    context.close()

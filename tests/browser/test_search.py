"""A visitor narrows down the technology list."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE, is_wider_than_the_screen, log_in

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


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_visitor_compares_technologies(page, size):
    page.set_viewport_size(size)
    page.goto("/technologies/?q=余热")
    expect(page.locator(".compare-bar__inner")).to_have_count(0)
    for count in (1, 2):
        page.locator("button[name=add]").first.click()
        expect(page.locator(".compare-bar__inner")).to_contain_text(f"{count}/4")
    page.get_by_role("link", name="去对比").click()
    expect(page.locator("table.compare thead a")).to_have_count(2)
    assert not is_wider_than_the_screen(page)
    page.get_by_role("link", name="只看差异").click()
    expect(page.locator("tr.compare__differs").first).to_be_visible()


def test_long_filter_is_looked_up_by_name(page):
    page.goto("/technologies/")
    box = page.locator("#facets > details").first.locator("[data-facet-search]")
    address = page.url
    box.fill("余热")
    expect(page.locator("#system-waste_heat")).to_be_visible()
    expect(page.locator("#system-compressed_air")).to_be_hidden()
    box.fill("没有这个系统")
    expect(page.locator("[data-facet-empty]").first).to_be_visible()
    box.press("Enter")
    assert page.url == address


def test_search_is_saved_renamed_and_deleted(page):
    log_in(page, "bank@example.com")
    page.goto("/technologies/?q=冷凝水")
    page.get_by_role("link", name="保存并提醒").click()
    page.get_by_label("名称").fill("冷凝水回收")
    page.get_by_role("main").get_by_role("button", name="保存").click()
    card = page.locator("article", has_text="冷凝水回收")
    expect(card).to_contain_text("每天一次")
    card.get_by_role("button", name="暂停").click()
    expect(card).to_contain_text("已暂停")
    card.get_by_role("link", name="删除").click()
    page.get_by_role("button", name="确认删除").click()
    expect(page.locator("article", has_text="冷凝水回收")).to_have_count(0)

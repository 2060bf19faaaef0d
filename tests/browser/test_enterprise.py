"""An enterprise states a need in five fields and sees at once what fits."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE, is_wider_than_the_screen, log_in

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_enterprise_posts_a_need_and_answers_the_ranked_list(page, size):
    page.set_viewport_size(size)
    log_in(page, "enterprise@example.com")
    page.goto("/workspace/demands/new/")
    page.locator("[name=title]").fill("空压机余热回收制热水")
    page.locator("[name=problem]").fill("三台螺杆空压机冷却风直接排放，浴室热水用蒸汽加热，希望回收余热。")
    page.get_by_label("压缩空气", exact=True).check()
    page.get_by_label("蒸汽", exact=True).check()
    page.get_by_role("button", name="提交并查看匹配").click()
    expect(page).to_have_url(re.compile(r"/workspace/demands/\d+/matches/"))
    cards = page.locator("main").get_by_role("link", name="余热")
    expect(cards.first).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("为什么推荐")
    expect(page.get_by_role("main")).to_contain_text("用能系统一致：压缩空气")
    assert not is_wider_than_the_screen(page)

    page.get_by_role("button", name="感兴趣").first.click()
    expect(page.get_by_text("您的反馈：感兴趣").first).to_be_visible()
    boxes = page.get_by_label("加入对比")
    boxes.nth(0).check()
    boxes.nth(1).check()
    page.get_by_role("button", name="对比所选技术").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("技术对比")

    page.goto("/workspace/demands/")
    expect(page.get_by_role("main")).to_contain_text("空压机余热回收制热水")
    assert not is_wider_than_the_screen(page)


def test_missing_fields_are_named_and_nothing_is_lost(page):
    log_in(page, "enterprise@example.com")
    page.goto("/workspace/demands/new/")
    page.locator("[name=title]").fill("只写了名称")
    page.evaluate("document.querySelectorAll('form').forEach(form => form.noValidate = true)")
    page.get_by_role("button", name="提交并查看匹配").click()
    expect(page.locator("[name=title]")).to_have_value("只写了名称")
    expect(page.locator("[name=problem]")).to_have_attribute("aria-invalid", "true")

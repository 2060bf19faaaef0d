"""A supplier signs up, lists a technology, has it returned once, and sees it live."""

import random
import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import (
    DESKTOP,
    PHONE,
    SAMPLE_PASSWORD,
    is_wider_than_the_screen,
    log_in,
    wait_until,
)
from tests.conftest import credit_code

pytestmark = pytest.mark.browser


def step(page):
    page.get_by_role("button", name="保存并继续").click()


def test_supplier_signs_up_and_creates_an_organisation(page, site):
    number = random.randrange(10**6, 10**7)
    address = f"newcomer{number}@example.com"
    page.goto("/accounts/signup/")
    page.locator("[name=email]").fill(address)
    page.locator("[name=name]").fill("示例新人")
    page.locator("[name=password1]").fill("Duan-Lian-2026-x")
    page.locator("[name=password2]").fill("Duan-Lian-2026-x")
    page.locator("[name=accepts_terms]").check()
    page.get_by_role("main").get_by_role("button", name="注册").click()
    page.locator("[name=code]").fill(site.last_code(address))
    page.get_by_role("button", name="确认").click()
    page.wait_for_url("**/workspace/")
    page.goto("/workspace/organisation/new/")
    page.locator("[name=credit_code]").fill("91310116MA1234567X")
    page.get_by_role("main").get_by_role("button").first.click()
    expect(page.get_by_role("main")).to_contain_text("校验位")
    page.locator("[name=credit_code]").fill(credit_code(number))
    page.get_by_role("main").get_by_role("button").first.click()
    page.locator("[name=name]").fill("示例·浏览器供方")
    page.get_by_label("技术供方").check()
    page.get_by_role("main").get_by_role("button").last.click()
    expect(page.get_by_role("main")).to_contain_text("示例·浏览器供方")


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_supplier_lists_a_technology_that_is_returned_corrected_and_published(page, size):
    page.set_viewport_size(size)
    title = f"示例·螺杆空压机热能回收{size['width']}"
    log_in(page, "supplier@example.com")
    page.goto("/workspace/technologies/new/")
    page.locator("[name=title]").fill(title)
    page.locator("[name=summary]").fill("回收空压机余热制 60℃ 热水")
    step(page)
    page.locator("[name=principle]").fill("从润滑油回路取热，经板式换热器加热生活热水。")
    page.get_by_label("压缩空气", exact=True).check()
    page.get_by_label("蒸汽", exact=True).check()
    page.get_by_label("各行业通用").check()
    step(page)
    page.locator("[name=scope]").fill("22 kW 以上喷油螺杆空压机")
    page.locator("[name=not_suitable]").fill("无热水需求的场合")
    step(page)
    assert not is_wider_than_the_screen(page)
    page.locator("[name=saving_rate]").fill("很多")
    page.locator("[name=investment]").fill("20万元-40万元")
    step(page)
    expect(page.locator("[name=saving_rate]")).to_have_value("很多")
    page.locator("[name=saving_rate]").fill("45%～６０%")
    page.locator("[name=payback]").fill("约1-2年")
    page.locator("[name=annual_saving]").fill("80~150吨标煤")
    page.locator("[name=saving_basis]").fill("按 250 kW 空压机年运行 6000 小时测算")
    step(page)
    page.locator("[name='cases-0-site']").fill("示例·某食品厂")
    page.locator("[name='cases-0-year']").fill("2024")
    step(page)
    lose_session_with_a_file(page)
    page.get_by_label("设备销售").check()
    page.locator("[name=contact_name]").fill("示例联系人")
    page.locator("[name=contact_phone]").fill("13800000000")
    step(page)
    page.get_by_role("button", name="确认无误，送审").click()
    expect(page.get_by_role("main")).to_contain_text("审核中")
    own_page = page.url

    decide(page, title, "退回勾选的条目", "退回", reason="请补充检测报告")
    log_in(page, "supplier@example.com")
    page.goto(own_page)
    expect(page.get_by_role("main")).to_contain_text("请补充检测报告")
    page.goto(re.sub(r"/(edit.*)?$", "/edit/basics/", own_page))
    page.locator("[name=summary]").fill("回收空压机余热制 60℃ 热水，附第三方检测")
    step(page)
    page.goto(re.sub(r"/(edit.*)?$", "/edit/check/", own_page))
    page.get_by_role("button", name="确认无误，送审").click()
    decide(page, title, "通过勾选的条目", "通过并公开")

    page.context.clear_cookies()
    found = page.get_by_role("main").get_by_role("link", name=title)
    wait_until(lambda: page.goto("/technologies/?q=螺杆空压机热能回收") and found.count())
    found.first.click()
    expect(page.get_by_role("main")).to_contain_text("附第三方检测")
    expect(page.get_by_role("main")).to_contain_text("示例·某食品厂")


def lose_session_with_a_file(page):
    """Send the step after its session has ended, log in again, and find the chosen file still there."""
    report = {"name": "检测报告.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 report"}
    page.locator("[name=document]").set_input_files(report)
    page.context.clear_cookies(name="sessionid")
    step(page)
    page.locator("[name=login]").fill("supplier@example.com")
    page.locator("[name=password]").fill(SAMPLE_PASSWORD)
    page.get_by_role("main").get_by_role("button", name="登录").click()
    expect(page.get_by_role("main")).to_contain_text("已选择：检测报告.pdf")


def decide(page, title, button, confirm, reason=""):
    """Log in as the reviewer and decide on the listing in the queue."""
    log_in(page, "review@example.com")
    page.goto("/admin/review/")
    page.get_by_role("checkbox", name=title).check()
    page.get_by_role("button", name=button).click()
    if reason:
        page.locator("textarea").fill(reason)
    page.get_by_role("button", name=confirm, exact=True).click()
    expect(page.locator(".messages")).to_be_visible()

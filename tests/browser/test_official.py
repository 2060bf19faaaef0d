"""An official imports a catalogue, and pushes what fits to the enterprise that can use it."""

import pytest
from openpyxl import Workbook
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE, log_in, wait_until

pytestmark = pytest.mark.browser

HEADINGS = [
    "序号",
    "技术名称",
    "技术简介",
    "适用范围",
    "用能系统",
    "投资额（万元）",
    "静态投资回收期",
    "节能量（tce/a）",
    "目前推广比例",
]
ROWS = [
    [1, "示例·导入的空压机余热回收装置", "回收喷油螺杆空压机余热制热水", "空压站余热没有利用的工厂", "压缩空气", "30万元", "约1.5年", "120", "5%"],
    [2, "示例·导入的空压站群控系统", "多台空压机联合控制", "空压站", "压缩空气", 45, "2~3年", "９０", "0.08"],
    [3, "示例·数值有误的技术", "", "", "压缩空气", "很多钱", "两三年吧", "", ""],
]  # fmt: skip


@pytest.fixture
def catalogue(tmp_path, size):
    book = Workbook()
    sheet = book.active
    sheet.append(["示例·节能技术推荐目录"])
    sheet.append(HEADINGS)
    for number, title, *rest in ROWS:
        sheet.append([f"{size['width']}-{number}", f"{title}{size['width']}", *rest])
    path = tmp_path / "示例目录.xlsx"
    book.save(path)
    return path


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_official_imports_matches_and_pushes(page, catalogue, size):
    page.set_viewport_size(size)
    log_in(page, "library@example.com")
    page.goto("/admin/imports/upload/")
    page.locator("[type=file]").set_input_files(catalogue)
    page.locator("[name=source_catalogue]").fill("示例·节能技术推荐目录")
    page.locator("[name=source_edition]").fill("2026")
    page.get_by_role("button", name="上传并识别").click()
    expect(page.get_by_label("“技术名称”对应到")).to_have_value("title")
    page.get_by_role("button", name="检查（不写入）").click()
    confirm = page.get_by_role("button", name="确认导入")
    wait_until(lambda: page.reload() and confirm.count())
    expect(page.get_by_role("main")).to_contain_text("很多钱")
    confirm.click()
    wait_until(lambda: page.reload() and page.get_by_role("link", name="撤销整批").count())
    with page.expect_download() as download:
        page.get_by_role("link", name="下载有错误的行").first.click()
    assert download.value.suggested_filename.endswith(".xlsx")

    found = page.get_by_role("main").get_by_role("link", name=f"示例·导入的空压机余热回收装置{size['width']}")
    wait_until(lambda: page.goto("/technologies/?q=导入的空压机余热回收装置") and found.count())

    log_in(page, "push@example.com")
    page.goto("/admin/push/")
    page.get_by_label("最低匹配度（%）").fill("40")
    page.get_by_role("button", name="列出可推送的匹配").click()
    expect(page.get_by_role("main")).to_contain_text("从未告知过" if size == DESKTOP else "上次告知")
    page.get_by_role("checkbox", name="发送").first.uncheck()
    page.get_by_role("button", name="核对并发送…").click()
    expect(page.get_by_role("main")).to_contain_text("将告知")
    page.get_by_role("button", name="确认发送").click()
    expect(page.locator(".messages")).to_contain_text("已告知")

    log_in(page, "enterprise@example.com")
    page.goto("/inbox/")
    page.get_by_role("main").get_by_role("link", name="可能适合贵单位的需求").first.click()
    expect(page.get_by_role("main")).to_contain_text("匹配")

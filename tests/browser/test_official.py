"""An official imports a catalogue, and pushes what fits to the enterprise that can use it."""

import re

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


def catalogue_of(path, width, rows):
    """Write a catalogue whose numbers and titles are its own for each width of the window."""
    book = Workbook()
    sheet = book.active
    sheet.append(["示例·节能技术推荐目录"])
    sheet.append(HEADINGS)
    for number, title, *rest in rows:
        sheet.append([f"{width}-{number}", f"{title}{width}", *rest])
    book.save(path)
    return path


@pytest.fixture
def catalogue(tmp_path, size):
    return catalogue_of(tmp_path / "示例目录.xlsx", size["width"], ROWS)


@pytest.fixture
def doubled(tmp_path, size):
    rows = [
        [11, "示例·导入的定型机排风热回收", "回收排风余热预热新风", "印染厂定型机", "余热余压利用", "60万元", "2年", "150", ""],
        [12, "示例·导入的定型机排风热回收装置", "回收排风余热", "印染厂", "余热余压利用", "80万元", "3年", "", ""],
    ]  # fmt: skip
    return catalogue_of(tmp_path / "重复目录.xlsx", size["width"], rows)


def press(page, button):
    """Click and wait for the page that follows: a reload in between would break it off."""
    with page.expect_navigation():
        button.click()


def upload(page, path):
    """Upload a catalogue and wait for the dry run; return the button that confirms it."""
    page.goto("/admin/imports/upload/")
    page.locator("[type=file]").set_input_files(path)
    page.locator("[name=source_catalogue]").fill("示例·节能技术推荐目录")
    page.locator("[name=source_edition]").fill("2026")
    page.get_by_role("button", name="上传并识别").click()
    expect(page.get_by_label("“技术名称”对应到")).to_have_value("title")
    press(page, page.get_by_role("button", name="检查（不写入）"))
    confirm = page.get_by_role("button", name="确认导入")
    wait_until(lambda: page.reload() and confirm.count())
    return confirm


def public_titles(page, size):
    page.goto(f"/technologies/?q=导入的定型机排风热回收{size['width']}")
    links = page.get_by_role("main").get_by_role(
        "link", name=re.compile(f"导入的定型机排风热回收.*{size['width']}")
    )
    return sorted(links.all_inner_texts())


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_official_imports_matches_and_pushes(page, catalogue, size):
    page.set_viewport_size(size)
    log_in(page, "library@example.com")
    confirm = upload(page, catalogue)
    expect(page.get_by_role("main")).to_contain_text("很多钱")
    press(page, confirm)
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


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_official_takes_a_merger_and_a_whole_import_back(page, doubled, size):
    page.set_viewport_size(size)
    log_in(page, "library@example.com")
    press(page, upload(page, doubled))
    undo_batch = page.get_by_role("link", name="撤销整批")
    wait_until(lambda: page.reload() and undo_batch.count())
    batch = page.url
    both = [f"示例·导入的定型机排风热回收{name}{size['width']}" for name in ("", "装置")]
    wait_until(lambda: public_titles(page, size) == sorted(both))

    page.goto("/admin/duplicates/")
    pair = page.get_by_role("row").filter(has_text=both[0]).filter(has_text=both[1])
    pair.get_by_role("link", name="对比").click()
    page.get_by_role("button", name="下一步：确认合并").click()
    expect(page.get_by_role("main")).to_contain_text("合并可以撤销")
    page.get_by_role("button", name="确认合并").click()
    expect(page.locator(".messages")).to_contain_text("并入")
    wait_until(lambda: len(public_titles(page, size)) == 1)

    page.goto("/admin/duplicates/mergers/")
    page.get_by_role("row").filter(has_text=both[0]).get_by_role("link", name="撤销合并").click()
    expect(page.get_by_role("main")).to_contain_text("恢复公开")
    page.get_by_role("button", name="撤销合并").click()
    expect(page.locator(".messages")).to_contain_text("已撤销合并")
    wait_until(lambda: public_titles(page, size) == sorted(both))

    page.goto(batch)
    undo_batch.click()
    expect(page.get_by_role("main")).to_contain_text("导入后")
    page.locator("[name=undo_changed_rows]").check()
    press(page, page.get_by_role("button", name="撤销整批"))
    wait_until(lambda: page.reload() and "已撤销" in page.get_by_role("main").inner_text())
    wait_until(lambda: public_titles(page, size) == [])

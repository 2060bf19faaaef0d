from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from catalog.enums import ImportState
from catalog.importers.inspecting import create_batch
from catalog.models import ImportBatch, Technology
from tests.catalog.importers.files import workbook

ROWS = [["序号", "技术名称", "投资额（万元）", "备用列"], ["1", "甲", "120", "x"], ["2", "乙", "很多", ""]]
INDEX = "/admin/imports/"


def excel(rows=ROWS, name="目录.xlsx"):
    return SimpleUploadedFile(name, workbook(("表", rows)).getvalue())


@pytest.fixture
def librarian(cast, as_):
    return as_(cast.librarian)


@pytest.fixture
def send(librarian, taxonomy, django_capture_on_commit_callbacks):
    """Return a function that posts and carries out the background work."""

    def post(name, batch=None, **data):
        url = reverse(f"catalog_imports:{name}", args=[batch.pk] if batch else [])
        with django_capture_on_commit_callbacks(execute=True):
            response = librarian.post(url, data)
        return librarian.get(response.url, follow=True) if response.status_code == 302 else response

    return post


def upload(send, rows=ROWS):
    send("upload", kind="technologies", file=excel(rows), source_catalogue="示例目录", source_edition="2024")
    return ImportBatch.objects.latest("pk")


def mapping_of(batch, **changes):
    return {f"field-{column['index']}": column["field"] for column in batch.mapping} | changes


def test_official_goes_from_upload_to_imported_and_back(send):
    batch = upload(send)
    page = send("columns", batch, **mapping_of(batch), **{"unit-2": "万元"})
    batch.refresh_from_db()
    assert batch.state == ImportState.CHECKED
    assert "看不出是哪个数值" in page.content.decode()
    assert Technology.objects.count() == 0
    page = send("confirm", batch, mode="publish")
    assert [technology.title for technology in Technology.objects.filter(live=True)] == ["甲"]
    assert "撤销整批" in page.content.decode()
    page = send("undo", batch)
    assert Technology.objects.count() == 0
    assert "已撤销" in page.content.decode()


def test_columns_page_shows_the_guess_and_takes_the_correction(send, librarian):
    batch = upload(send)
    page = librarian.get(reverse("catalog_imports:columns", args=[batch.pk])).content.decode()
    assert '<option value="investment" selected>' in page
    assert "未识别" in page
    send("columns", batch, **mapping_of(batch, **{"field-3": "scope"}), **{"unit-2": "元"})
    batch.refresh_from_db()
    assert (batch.mapping[3]["field"], batch.mapping[2]["unit"]) == ("scope", "元")
    assert batch.rows.get(number=2).data["values"]["investment_min_cny"] == "120.00"


def test_two_columns_for_one_field_are_refused_and_nothing_is_lost(send):
    batch = upload(send)
    page = send("columns", batch, **mapping_of(batch, **{"field-3": "investment"}))
    assert "两列都对应到了" in page.content.decode()
    batch.refresh_from_db()
    assert (batch.state, batch.mapping[2]["field"]) == (ImportState.UPLOADED, "investment")


def test_mapping_without_a_title_is_refused(send):
    batch = upload(send)
    assert (
        "还没有哪一列对应到"
        in send("columns", batch, **mapping_of(batch, **{"field-1": ""})).content.decode()
    )


def test_bad_file_keeps_what_was_typed(send):
    program = SimpleUploadedFile("目录.xlsx", b"MZ" + b"\x00" * 100)
    page = send("upload", kind="technologies", file=program, source_catalogue="示例目录").content.decode()
    assert "可执行程序" in page
    assert 'value="示例目录"' in page
    assert ImportBatch.objects.count() == 0


def test_other_sheet_and_heading_row_are_read_again(send):
    rows = [["说明", "内容"], ["编号", "技术名称"], ["1", "甲"]]
    content = workbook(("一", ROWS), ("二", rows)).getvalue()
    send("upload", kind="technologies", file=SimpleUploadedFile("a.xlsx", content), source_catalogue="示例")
    batch = ImportBatch.objects.get()
    assert batch.sheet == "一"
    send("sheet", batch, sheet="二", heading_row=1, heading_lines=1)
    batch.refresh_from_db()
    assert [column["heading"] for column in batch.mapping] == ["编号", "技术名称"]
    send("sheet", batch, sheet="二", heading_row=1, heading_lines=1)
    batch.refresh_from_db()
    assert [column["heading"] for column in batch.mapping] == ["说明", "内容"]


def test_double_click_on_confirm_imports_once(send):
    batch = upload(send)
    send("columns", batch, **mapping_of(batch))
    send("confirm", batch, mode="publish")
    send("confirm", batch, mode="publish")
    assert Technology.objects.count() == 1


def test_undo_page_lists_what_changed_since_and_keeps_it(send, librarian):
    batch = upload(send)
    send("columns", batch, **mapping_of(batch))
    send("confirm", batch, mode="publish")
    technology = Technology.objects.get()
    technology.summary = "改过"
    technology.save()
    page = librarian.get(reverse("catalog_imports:undo", args=[batch.pk])).content.decode()
    assert "第 2 行：甲" in page
    send("undo", batch)
    assert Technology.objects.count() == 1
    send("undo", batch, undo_changed_rows="on")
    assert Technology.objects.count() == 0


def test_failed_check_says_why_and_leads_back(send, settings, librarian):
    settings.IMPORT_MAX_ROWS = 1
    batch = upload(send)
    page = send("columns", batch, **mapping_of(batch)).content.decode()
    assert "一次最多导入 1 行" in page
    assert librarian.get(reverse("catalog_imports:columns", args=[batch.pk])).status_code == 200


def test_bad_rows_and_templates_are_downloaded_as_workbooks(send, librarian):
    batch = upload(send)
    send("columns", batch, **mapping_of(batch))
    response = librarian.get(reverse("catalog_imports:bad_rows", args=[batch.pk]))
    assert load_workbook(BytesIO(response.content)).active.max_row == 2
    for kind in ("technologies", "demands"):
        response = librarian.get(reverse("catalog_imports:template", args=[kind]))
        assert load_workbook(BytesIO(response.content)).sheetnames[0] == "填写"
    assert librarian.get(reverse("catalog_imports:template", args=["people"])).status_code == 404


def test_progress_fragment_asks_for_a_reload_when_the_work_is_done(send, librarian):
    batch = upload(send)
    url = reverse("catalog_imports:progress", args=[batch.pk])
    ImportBatch.objects.filter(pk=batch.pk).update(state=ImportState.APPLYING, total_count=10, done_count=4)
    response = librarian.get(url)
    assert ("HX-Refresh" in response, "hx-get" in response.content.decode()) == (False, True)
    ImportBatch.objects.filter(pk=batch.pk).update(state=ImportState.APPLIED)
    assert librarian.get(url)["HX-Refresh"] == "true"


def test_html_in_cells_is_escaped(send):
    batch = upload(send, [["技术名称", "投资额（万元）"], ["<script>alert(1)</script>", "<b>很多</b>"]])
    page = send("columns", batch, **mapping_of(batch)).content.decode()
    assert "&lt;b&gt;很多" in page
    assert "<b>很多" not in page


@pytest.mark.parametrize(
    "name", ["supplier", "second_supplier", "enterprise", "bank", "reviewer", "pusher", "visitor"]
)
def test_others_never_reach_the_import_pages(cast, as_, name, taxonomy):
    batch = create_batch(excel(), kind="technologies", user=cast.librarian)
    client = as_(getattr(cast, name))
    expected = 404 if name in {"reviewer", "pusher"} else 302
    for path in (INDEX, f"{INDEX}upload/", f"{INDEX}{batch.pk}/columns/", f"{INDEX}{batch.pk}/errors.xlsx"):
        assert client.get(path).status_code == expected
    assert client.post(f"{INDEX}{batch.pk}/confirm/").status_code == expected


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_the_same_queries_for_any_number_of_batches(
    librarian, cast, count, taxonomy, django_assert_max_num_queries
):
    for _number in range(count):
        create_batch(excel(), kind="technologies", user=cast.librarian)
    librarian.get(INDEX)
    with django_assert_max_num_queries(20) as captured:
        librarian.get(INDEX)
    assert len([query for query in captured if "catalog_import" in query["sql"]]) == 3

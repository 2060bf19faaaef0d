import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from catalog.enums import ImportState
from catalog.models import ImportBatch, Technology
from tests.catalog.importers.files import workbook

START = "/workspace/technologies/import/"
HEADING = [
    "技术名称", "一句话效果", "用能系统", "节约的能源品种", "适用行业", "适用范围", "技术原理", "典型项目投资（万元）", "节能率",
    "节能量计算依据", "合作方式", "联系人", "联系电话",
]  # fmt: skip
COMPLETE = [
    "甲", "节电 10%", "压缩空气", "电力", "通用", "空压站", "回收压缩热", "30", "10%", "按实测", "设备销售", "某人", "021-57920000",
]  # fmt: skip


@pytest.fixture
def post(cast, as_, taxonomy, django_capture_on_commit_callbacks):
    """Return a function that posts as the supplier and carries out the background work."""
    client = as_(cast.supplier)

    def send(url, **data):
        with django_capture_on_commit_callbacks(execute=True):
            response = client.post(url, data)
        return client.get(response.url, follow=True) if response.status_code == 302 else response

    return send


def upload(post, *rows):
    post(START, file=SimpleUploadedFile("技术.xlsx", workbook(("表", [HEADING, *rows])).getvalue()))
    return ImportBatch.objects.latest("pk")


def url(name, batch):
    return reverse(f"catalog:{name}", args=[batch.pk])


def test_recognised_table_is_checked_at_once_and_ends_in_drafts(post, cast):
    batch = upload(post, COMPLETE, ["乙", *[""] * 7, "很多", *[""] * 4])
    assert (batch.state, batch.organisation) == (ImportState.CHECKED, cast.supplier_firm)
    page = post(url("confirm_import", batch), mode="draft").content.decode()
    technology = Technology.objects.get()
    assert (technology.organisation, technology.live, technology.review_state) == (
        cast.supplier_firm,
        False,
        "draft",
    )
    assert "需要改正的单元格" in page


def test_complete_rows_are_sent_for_review_and_the_others_say_what_is_missing(post):
    batch = upload(post, COMPLETE, ["乙", *[""] * 12])
    page = post(url("confirm_import", batch), mode="review").content.decode()
    states = {technology.title: technology.review_state for technology in Technology.objects.all()}
    assert states == {"甲": "in_review", "乙": "draft"}
    assert "已存为草稿，送审前还需" in page


def test_supplier_cannot_publish_directly(post):
    batch = upload(post, COMPLETE)
    post(url("confirm_import", batch), mode="publish")
    assert Technology.objects.count() == 0


def test_unknown_headings_lead_to_the_choice_of_columns(post):
    content = workbook(("表", [["名目一", "名目二"], ["甲", "乙"]])).getvalue()
    page = post(START, file=SimpleUploadedFile("a.xlsx", content)).content.decode()
    batch = ImportBatch.objects.get()
    assert (batch.state, "核对列的对应" in page) == (ImportState.UPLOADED, True)
    post(url("import_columns", batch), **{"field-0": "title", "field-1": "scope"})
    batch.refresh_from_db()
    assert batch.state == ImportState.CHECKED


def test_program_named_xlsx_is_refused_on_the_page(post):
    page = post(START, file=SimpleUploadedFile("a.xlsx", b"MZ" + b"\x00" * 99)).content.decode()
    assert "可执行程序" in page
    assert ImportBatch.objects.count() == 0


def test_batch_is_undone_after_asking(post, as_, cast):
    batch = upload(post, COMPLETE)
    post(url("confirm_import", batch), mode="draft")
    assert "撤销这次导入" in as_(cast.supplier).get(url("undo_import", batch)).content.decode()
    post(url("undo_import", batch))
    assert Technology.objects.count() == 0


@pytest.mark.parametrize("name", ["second_supplier", "enterprise", "bank", "librarian", "visitor"])
def test_batch_of_another_organisation_is_not_found(post, cast, as_, name):
    batch = upload(post, COMPLETE)
    client = as_(getattr(cast, name))
    expected = 302 if name == "visitor" else 404
    for page in ("import_batch", "import_columns", "import_progress", "import_errors", "undo_import"):
        assert client.get(url(page, batch)).status_code == expected
    for page in ("confirm_import", "resume_import", "undo_import", "import_columns"):
        assert client.post(url(page, batch)).status_code == expected


def test_template_is_a_workbook_and_the_list_links_to_the_import(as_, cast):
    client = as_(cast.supplier)
    assert client.get(f"{START}template.xlsx").content.startswith(b"PK")
    assert START in client.get("/workspace/technologies/").content.decode()

from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from openpyxl import load_workbook
from wagtail.models import ModelLogEntry, WorkflowState

from accounts.models import Industry, Organisation
from catalog.enums import EvidenceLevel, ImportMode, ImportState, Origin
from catalog.importers.inspecting import create_batch
from catalog.importers.running import resume, run_batch, start
from catalog.models import Demand, ImportBatch, Technology
from catalog.services.setup import set_up_libraries
from catalog.signals import listings_changed
from tests.conftest import credit_code

from .files import workbook

HEADING = [
    "序号",
    "技术名称",
    "申报单位",
    "投资额（万元）",
    "静态投资回收期",
    "用能系统",
    "适用行业",
    "典型案例",
]
GOOD = ["1", "空压机余热回收", "甲公司", "80~120", "约2年", "空压机", "通用", "一厂"]


@pytest.fixture
def lists(taxonomy):
    Industry.objects.get_or_create(code="C26", defaults={"name": "化学原料和化学制品制造业", "level": 1})
    set_up_libraries()


@pytest.fixture
def signals():
    heard = []

    def listen(sender, kind, ids, **kwargs):
        heard.append((kind, sorted(ids)))

    listings_changed.connect(listen)
    yield heard
    listings_changed.disconnect(listen)


def uploaded(rows, *, kind="technologies", merges=(), name="目录.xlsx", **fields):
    fields = {"mode": ImportMode.PUBLISH, "source_catalogue": "示例目录", "source_edition": "2024", **fields}
    content = rows if isinstance(rows, bytes) else workbook(("表", rows), merges=merges).getvalue()
    return create_batch(ContentFile(content, name=name), kind=kind, **fields)


def run(batch, state):
    assert start(batch, state)
    run_batch(batch.pk)
    batch.refresh_from_db()
    return batch


def imported(rows, **options):
    batch = run(uploaded(rows, **options), ImportState.CHECKING)
    return run(batch, ImportState.APPLYING)


def counts(batch):
    found = batch.counts()
    return {
        name: found[name] for name in ("created", "updated", "unchanged", "skipped", "bad") if found[name]
    }


def test_good_row_becomes_a_live_technology_with_source_and_links(lists):
    batch = imported([HEADING, GOOD])
    technology = Technology.objects.get()
    assert (batch.state, counts(batch)) == (ImportState.APPLIED, {"created": 1})
    assert (technology.live, technology.origin, technology.evidence_level) == (
        True,
        Origin.CATALOGUE,
        EvidenceLevel.CATALOGUE,
    )
    assert (technology.source_catalogue, technology.source_edition, technology.source_item) == (
        "示例目录",
        "2024",
        "1",
    )
    assert (technology.investment_min_cny, technology.payback_max_years) == (Decimal(800_000), Decimal(2))
    assert (technology.owner_name, technology.applies_to_all_industries) == ("甲公司", True)
    assert [system.code for system in technology.systems.all()] == ["compressed_air"]
    assert [case.site for case in technology.cases.all()] == ["一厂"]
    assert ModelLogEntry.objects.filter(action="catalog.import", object_id=str(technology.pk)).exists()


def test_dry_run_writes_no_listing_and_reports_errors_by_cell(lists):
    batch = run(uploaded([HEADING, GOOD, ["2", "乙", "", "很多", "", "", "", ""]]), ImportState.CHECKING)
    assert Technology.objects.count() == 0
    assert counts(batch) == {"created": 1, "bad": 1}
    error = batch.rows.get(number=3).errors[0]
    assert (error["heading"], error["value"]) == ("投资额（万元）", "很多")
    assert "万元" in error["expected"]


def test_good_rows_are_accepted_while_bad_rows_stay_behind(lists):
    batch = imported([HEADING, GOOD, ["2", "乙", "", "很多", "", "", "", ""]])
    assert [technology.title for technology in Technology.objects.all()] == ["空压机余热回收"]
    assert counts(batch) == {"created": 1, "bad": 1}


def test_importing_again_changes_nothing_and_a_corrected_row_updates(lists):
    imported([HEADING, GOOD])
    assert counts(imported([HEADING, GOOD])) == {"unchanged": 1}
    changed = ["1", "空压机余热回收技术", "甲公司", "150", "", "", "", "二厂"]
    assert counts(imported([HEADING, changed])) == {"updated": 1}
    technology = Technology.objects.get()
    assert (technology.title, technology.investment_max_cny) == ("空压机余热回收技术", Decimal(1_500_000))
    assert technology.payback_max_years == Decimal(2)
    assert sorted(case.site for case in technology.cases.all()) == ["一厂", "二厂"]


def test_newer_edition_updates_and_older_edition_is_skipped(lists):
    imported([HEADING, GOOD], source_edition="2024年版")
    renumbered = ["7", *GOOD[1:]]
    assert counts(imported([HEADING, renumbered], source_edition="2025年版")) == {"updated": 1}
    technology = Technology.objects.get()
    assert (technology.source_edition, technology.source_item) == ("2025年版", "7")
    older = run(uploaded([HEADING, renumbered], source_edition="2023年版"), ImportState.CHECKING)
    assert counts(older) == {"skipped": 1}
    assert not start(older, ImportState.APPLYING)


def test_same_number_with_a_wholly_different_title_is_a_listing_of_its_own(lists):
    imported([HEADING, GOOD])
    assert counts(imported([HEADING, ["1", "光伏屋顶", *GOOD[2:]]])) == {"created": 1}


def test_same_owner_and_title_in_another_catalogue_updates_but_stays_with_its_source(lists):
    imported([HEADING, GOOD])
    other = ["9", *GOOD[1:3], "200", *GOOD[4:]]
    assert counts(imported([HEADING, other], source_catalogue="另一目录")) == {"updated": 1}
    technology = Technology.objects.get()
    assert (technology.source_catalogue, technology.source_item) == ("示例目录", "1")
    assert technology.investment_max_cny == Decimal(2_000_000)
    assert counts(imported([HEADING, other], source_catalogue="另一目录")) == {"unchanged": 1}


def test_equal_title_without_an_owner_in_another_catalogue_is_a_listing_of_its_own(lists):
    nobody = [*GOOD[:2], "", *GOOD[3:]]
    imported([HEADING, nobody])
    assert counts(imported([HEADING, nobody], source_catalogue="另一目录")) == {"created": 1}


def test_equal_titles_with_different_numbers_stay_apart(lists):
    assert counts(imported([HEADING, GOOD, ["2", *GOOD[1:]]])) == {"created": 2}


def test_double_in_the_file_is_an_error_that_names_the_other_row(lists):
    batch = run(uploaded([HEADING[1:], GOOD[1:], GOOD[1:]]), ImportState.CHECKING)
    assert counts(batch) == {"created": 1, "bad": 1}
    assert "第 2 行" in batch.rows.get(number=3).errors[0]["message"]


def test_merged_rows_become_one_technology_with_several_cases(lists):
    rows = [
        ["技术名称", "申报单位", "典型案例"],
        ["甲", "某公司", "一厂"],
        [None, None, "二厂"],
        ["乙", "某公司", "三厂"],
    ]
    imported(rows, merges=["A2:A3", "B2:B3"])
    assert {
        technology.title: sorted(case.site for case in technology.cases.all())
        for technology in Technology.objects.all()
    } == {"甲": ["一厂", "二厂"], "乙": ["三厂"]}


def test_signal_is_sent_once_after_commit(lists, signals, django_capture_on_commit_callbacks):
    batch = run(uploaded([HEADING, GOOD, ["2", "乙", *GOOD[2:]]]), ImportState.CHECKING)
    with django_capture_on_commit_callbacks(execute=True):
        run(batch, ImportState.APPLYING)
    assert signals == [("technology", sorted(Technology.objects.values_list("pk", flat=True)))]


def test_review_mode_creates_drafts_in_the_queue_of_the_reviewers(lists):
    imported([HEADING, GOOD], mode=ImportMode.REVIEW)
    technology = Technology.objects.get()
    assert (technology.live, technology.review_state) == (False, "in_review")
    assert technology.latest_revision.as_object().cases.all()[0].site == "一厂"
    assert WorkflowState.objects.count() == 1


def test_review_mode_leaves_the_live_version_until_it_is_approved(lists):
    imported([HEADING, GOOD])
    imported([HEADING, [*GOOD[:3], "150", *GOOD[4:]]], mode=ImportMode.REVIEW)
    technology = Technology.objects.get()
    assert (technology.live, technology.investment_max_cny) == (True, Decimal(1_200_000))
    assert technology.get_latest_revision_as_object().investment_max_cny == Decimal(1_500_000)
    again = imported([HEADING, [*GOOD[:3], "200", *GOOD[4:]]], mode=ImportMode.REVIEW)
    assert "正在审核中" in again.rows.get().errors[0]["message"]


def test_undo_removes_created_and_restores_updated_listings(lists):
    imported([HEADING, GOOD])
    batch = imported(
        [
            HEADING,
            ["1", "空压机余热回收技术", "甲公司", "150", "", "余热余压利用", "", "二厂"],
            ["2", "乙", *GOOD[2:]],
        ]
    )
    run(batch, ImportState.UNDOING)
    technology = Technology.objects.get()
    assert batch.state == ImportState.UNDONE
    assert (technology.title, technology.investment_max_cny) == ("空压机余热回收", Decimal(1_200_000))
    assert [system.code for system in technology.systems.all()] == ["compressed_air"]
    assert [case.site for case in technology.cases.all()] == ["一厂"]


def test_undo_leaves_rows_changed_since_unless_told_otherwise(lists):
    batch = imported([HEADING, GOOD, ["2", "乙", *GOOD[2:]]])
    edited = Technology.objects.get(title="乙")
    edited.summary = "有人改过"
    edited.save()
    run(batch, ImportState.UNDOING)
    assert [technology.title for technology in Technology.objects.all()] == ["乙"]
    assert batch.counts()["kept"] == 1
    ImportBatch.objects.filter(pk=batch.pk).update(undo_changed_rows=True)
    run(batch, ImportState.UNDOING)
    assert Technology.objects.count() == 0


def test_undo_of_a_reviewed_update_takes_the_draft_out_of_review(lists):
    imported([HEADING, GOOD])
    batch = imported([HEADING, [*GOOD[:3], "150", *GOOD[4:]]], mode=ImportMode.REVIEW)
    run(batch, ImportState.UNDOING)
    technology = Technology.objects.get()
    assert technology.current_workflow_state is None
    assert technology.get_latest_revision_as_object().investment_max_cny == Decimal(1_200_000)


def test_interrupted_import_goes_on_without_doubling(lists, monkeypatch):
    rows = [HEADING, *[[str(n), f"技术{'甲乙丙丁戊己'[n]}", *GOOD[2:]] for n in range(6)]]
    batch = run(uploaded(rows), ImportState.CHECKING)
    monkeypatch.setattr("catalog.importers.applying.CHUNK", 2)
    original, calls = Technology.objects.bulk_create, []

    def stop_in_second_chunk(listings, **kwargs):
        calls.append(listings)
        if len(calls) == 2:
            raise RuntimeError("the power fails")
        return original(listings, **kwargs)

    monkeypatch.setattr(Technology.objects, "bulk_create", stop_in_second_chunk)
    start(batch, ImportState.APPLYING)
    run_batch(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, Technology.objects.count()) == (ImportState.FAILED, 2)
    assert resume(batch)
    run_batch(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, Technology.objects.count()) == (ImportState.APPLIED, 6)
    assert not start(batch, ImportState.APPLYING)


def test_demands_find_or_create_their_organisation_by_credit_code(lists):
    known = Organisation.objects.create(name="示例化工", credit_code=credit_code(71), is_enterprise=True)
    heading = ["企业名称", "统一社会信用代码", "需求名称", "存在问题"]
    rows = [
        heading,
        ["示例化工", "", "排烟温度高", "没有余热回收"],
        ["示例食品", credit_code(72), "蒸汽没有回收", ""],
        ["无码单位", "", "空压机老旧", ""],
        ["示例错码", credit_code(73)[:-1] + "!", "照明改造", ""],
        ["", "", "只有名称的需求", ""],
    ]
    batch = imported(rows, kind="demands", source_catalogue="示例审计汇总")
    owners = {demand.title: demand.organisation for demand in Demand.objects.all()}
    new = Organisation.objects.get(credit_code=credit_code(72))
    assert owners == {
        "排烟温度高": known,
        "蒸汽没有回收": new,
        "空压机老旧": None,
        "只有名称的需求": None,
    }
    assert (new.verification, new.is_enterprise) == ("unverified", True)
    assert Demand.objects.get(title="空压机老旧").organisation_name == "无码单位"
    assert counts(batch) == {"created": 4, "bad": 1}
    run(batch, ImportState.UNDOING)
    assert not Organisation.objects.filter(pk=new.pk).exists()


def test_demand_quantities_and_energy_uses_are_kept(lists):
    rows = [["需求名称", "年用电量（万kWh）", "余热温度", "节能潜力"], ["甲", "120", "≥80℃", "100~200吨标煤"]]
    imported(rows, kind="demands")
    demand = Demand.objects.get()
    assert [(use.carrier.code, use.annual_amount) for use in demand.energy_uses.all()] == [
        ("electricity", Decimal(1_200_000))
    ]
    assert [(q.quantity, q.minimum, q.maximum) for q in demand.quantities.all()] == [
        ("heat_source_temperature_c", Decimal(80), None)
    ]
    assert demand.target_saving_tce == Decimal(100)


def test_too_many_rows_stop_with_a_sentence(lists, settings):
    settings.IMPORT_MAX_ROWS = 3
    batch = uploaded([["技术名称"], *[[f"技术{n}"] for n in "甲乙丙丁"]])
    start(batch, ImportState.CHECKING)
    run_batch(batch.pk)
    batch.refresh_from_db()
    assert (batch.state, "一次最多导入 3 行" in batch.failure) == (ImportState.FAILED, True)


def test_ten_thousand_rows_are_read_and_written(lists):
    text = "id,title\n" + "\n".join(f"{n},节能技术第{n}号" for n in range(10_000))
    batch = run(uploaded(text.encode(), name="目录.csv"), ImportState.CHECKING)
    run(batch, ImportState.APPLYING)
    assert Technology.objects.count() == 10_000


def test_supplier_batch_belongs_to_its_organisation_whatever_the_file_says(lists, cast):
    batch = imported(
        [HEADING, GOOD], organisation=cast.supplier_firm, user=cast.supplier, mode=ImportMode.DRAFT
    )
    technology = Technology.objects.get()
    assert (technology.organisation, technology.origin, technology.live) == (
        cast.supplier_firm,
        Origin.SUPPLIER,
        False,
    )
    assert (technology.source_catalogue, technology.owner_name) == ("", "")
    assert batch in ImportBatch.objects.visible_to(cast.supplier)
    assert batch not in ImportBatch.objects.visible_to(cast.second_supplier)


def test_mapping_of_an_earlier_batch_with_the_same_headings_is_proposed_again(lists, cast):
    rows = [["甲列", "乙列", "技术名称"], ["x", "y", "甲"]]
    first = uploaded(rows, user=cast.librarian)
    first.mapping[0]["field"] = "scope"
    first.state = ImportState.CHECKED
    first.save()
    assert [column["field"] for column in uploaded(rows, user=cast.librarian).mapping] == [
        "scope",
        "",
        "title",
    ]


def test_stored_file_is_not_reachable_under_its_own_name(lists):
    batch = uploaded([HEADING, GOOD])
    assert "目录" not in batch.file.name
    assert load_workbook(BytesIO(batch.file.read())).sheetnames == ["表"]

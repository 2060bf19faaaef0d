"""Importing rows again whose entries were merged: the survivor is updated, nothing comes back or doubles."""

from decimal import Decimal

import pytest

from catalog.enums import ImportMode, ImportState
from catalog.models import Technology
from catalog.services.merging import merge_technologies

from .test_batches import HEADING, imported, lists, run, uploaded  # noqa: F401

SURVIVOR = ["1", "空压机余热回收", "甲公司", "80~120", "约2年", "空压机", "通用", "一厂"]
MERGED = ["2", "螺杆空压机热能回收利用", "甲公司", "90", "3年", "空压机", "C26", "二厂"]


@pytest.fixture
def merged(lists, cast):  # noqa: F811
    """Two entries of one catalogue, the second merged into the first with the survivor's figures."""
    imported([HEADING, SURVIVOR, MERGED])
    survivor, other = Technology.objects.order_by("pk")
    merge_technologies(survivor, other, choices={}, user=cast.librarian)
    return Technology.objects.get(pk=survivor.pk), Technology.objects.get(pk=other.pk)


def state(technology):
    technology = Technology.objects.get(pk=technology.pk)
    return (
        technology.title, technology.source_item, technology.source_edition, technology.payback_max_years,
        technology.live, technology.merged_into_id, sorted(technology.cases.values_list("site", flat=True)),
    )  # fmt: skip


def remarks(batch):
    return [note["message"] for row in batch.rows.order_by("number") for note in row.warnings]


def test_same_file_again_changes_neither_survivor_nor_choice(merged):
    before = [state(each) for each in merged]
    batch = imported([HEADING, SURVIVOR, MERGED])
    assert [row.action for row in batch.rows.order_by("number")] == ["unchanged", "unchanged"]
    assert [state(each) for each in merged] == before
    assert any("已并入“空压机余热回收”" in remark for remark in remarks(batch))


@pytest.mark.parametrize(
    ("rows", "years"),
    [([MERGED], 4), ([SURVIVOR, MERGED], 4), ([MERGED, SURVIVOR], 2)],
    ids=["alone", "after", "before"],
)
def test_news_of_a_merged_entry_go_to_the_survivor_and_come_back_with_the_batch(merged, rows, years):
    survivor, other = merged
    before = [state(each) for each in merged]
    newer = [[*row[:4], "4年", *row[5:7], "三厂"] if row is MERGED else row for row in rows]
    batch = imported([HEADING, *newer], source_edition="2025")
    assert {row.state for row in batch.rows.all()} == {"applied"}
    assert Technology.objects.count() == 2
    title, item, _edition, payback, live, into, sites = state(survivor)
    assert (title, item, payback, live, into) == ("空压机余热回收", "1", Decimal(years), True, None)
    assert sites == ["一厂", "三厂", "二厂"]
    assert state(other) == before[1]
    run(batch, ImportState.UNDOING)
    assert [state(each) for each in merged] == before


def test_news_wait_for_review_where_the_batch_goes_there(merged):
    survivor, _other = merged
    before = state(survivor)
    newer = [*MERGED[:4], "4年", *MERGED[5:]]
    batch = imported([HEADING, [*SURVIVOR[:7], "四厂"], newer], mode=ImportMode.REVIEW)
    assert {row.state for row in batch.rows.all()} == {"applied"}
    assert state(survivor) == before
    draft = Technology.objects.get(pk=survivor.pk).get_latest_revision_as_object()
    assert draft.payback_max_years == 4
    assert "四厂" in [case.site for case in draft.cases.all()]
    assert Technology.objects.get(pk=survivor.pk).current_workflow_state is not None
    run(batch, ImportState.UNDOING)
    fresh = Technology.objects.get(pk=survivor.pk)
    assert fresh.current_workflow_state is None
    assert fresh.get_latest_revision_as_object().payback_max_years == before[3]


def test_supplier_cannot_reach_the_entry_of_another_through_a_merger(lists, cast):  # noqa: F811
    rows = [HEADING, ["1", "空压机余热回收", "", "90", "3年", "空压机", "C26", "二厂"]]
    own = {"organisation": cast.supplier_firm, "user": cast.supplier, "mode": ImportMode.DRAFT}
    imported(rows, **own)
    mine = Technology.objects.get()
    theirs = Technology.objects.create(title="别家的技术", organisation=cast.second_firm)
    Technology.objects.filter(pk=mine.pk).update(merged_into=theirs)
    batch = run(uploaded([HEADING, [*rows[1][:4], "9年", *rows[1][5:]]], **own), ImportState.CHECKING)
    assert [row.state for row in batch.rows.all()] == ["skipped"]
    assert Technology.objects.get(pk=theirs.pk).payback_max_years is None
    assert "已并入其他单位的条目" in remarks(batch)[0]

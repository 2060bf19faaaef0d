"""Mergers and their undoing."""

from decimal import Decimal

import pytest

from catalog.errors import ListingError
from catalog.models import (
    Technology,
    TechnologyCase,
    TechnologyCondition,
    TechnologyDocument,
    TechnologyMerge,
)
from catalog.services.merging import BOTH, OTHER, better_first, merge_technologies, undo_merge
from catalog.services.publishing import publish_directly, save_draft


@pytest.fixture
def pair(cast, taxonomy):
    """A supplier's listing, and a catalogue's with more figures."""
    own = Technology(title="磁悬浮风机", organisation=cast.supplier_firm, summary="省电")
    own.systems.set([taxonomy.compressed_air])
    own.cases = [TechnologyCase(site="甲厂", year=2020)]
    listed = Technology(
        title="磁悬浮离心鼓风机",
        origin="catalogue",
        evidence_level="catalogue",
        source_catalogue="某目录",
        investment_min_cny=Decimal(100_000),
        investment_max_cny=Decimal(200_000),
    )
    listed.systems.set([taxonomy.waste_heat])
    listed.cases = [TechnologyCase(site="甲厂", year=2020), TechnologyCase(site="乙厂", year=2021)]
    listed.conditions = [TechnologyCondition(quantity="power_kw", minimum=Decimal(75))]
    listed.documents = [TechnologyDocument(title="报告", file="technologies/report.pdf")]
    return [publish_directly(technology, user=cast.librarian) for technology in (own, listed)]


def fresh(technology):
    return Technology.objects.get(pk=technology.pk)


def merge(cast, pair, **choices):
    return merge_technologies(fresh(pair[0]), fresh(pair[1]), choices=choices, user=cast.librarian)


def test_merger_keeps_cases_conditions_and_documents_once(cast, pair):
    merge(cast, pair)
    survivor, other = map(fresh, pair)
    assert [case.site for case in survivor.cases.order_by("year")] == ["甲厂", "乙厂"]
    assert (survivor.conditions.get().minimum, survivor.documents.get().file.name) == (
        75,
        "technologies/report.pdf",
    )
    assert (other.live, other.merged_into, other.cases.count()) == (False, survivor, 2)
    assert list(Technology.objects.public()) == [survivor]


def test_merger_takes_what_was_chosen(cast, pair, taxonomy):
    merge(cast, pair, title=OTHER, investment=OTHER, systems=BOTH, evidence_level=OTHER)
    survivor = fresh(pair[0])
    assert (survivor.title, survivor.summary) == ("磁悬浮离心鼓风机", "省电")
    assert (survivor.investment_min_cny, survivor.investment_max_cny) == (100_000, 200_000)
    assert set(survivor.systems.all()) == {taxonomy.compressed_air, taxonomy.waste_heat}
    assert survivor.organisation == cast.supplier_firm


def test_undoing_restores_both(cast, pair, taxonomy):
    record = merge(cast, pair, title=OTHER, investment=OTHER, systems=BOTH)
    undo_merge(record, user=cast.librarian)
    survivor, other = map(fresh, pair)
    assert (survivor.title, survivor.investment_min_cny) == ("磁悬浮风机", None)
    assert list(survivor.systems.all()) == [taxonomy.compressed_air]
    assert [case.site for case in survivor.cases.all()] == ["甲厂"]
    assert (survivor.conditions.count(), survivor.documents.count()) == (0, 0)
    assert (other.live, other.merged_into, other.cases.count()) == (True, None, 2)
    with pytest.raises(ListingError, match="已撤销"):
        undo_merge(record, user=cast.librarian)


def test_undoing_leaves_later_changes_alone(cast, pair):
    record = merge(cast, pair, title=OTHER)
    survivor = fresh(pair[0])
    survivor.title = "后来的名称"
    survivor.cases.add(TechnologyCase(site="丙厂"))
    publish_directly(survivor, user=cast.librarian)
    undo_merge(TechnologyMerge.objects.get(pk=record.pk), user=cast.librarian)
    survivor = fresh(pair[0])
    assert survivor.title == "后来的名称"
    assert {case.site for case in survivor.cases.all()} == {"甲厂", "丙厂"}


def test_listing_somebody_works_on_is_not_merged(cast, pair):
    draft = fresh(pair[0])
    draft.title = "修改中"
    save_draft(draft, user=cast.supplier)
    with pytest.raises(ListingError, match="未发布的修改"):
        merge(cast, pair)
    assert not TechnologyMerge.objects.exists()


def test_listing_is_merged_once_and_never_with_itself(cast, pair):
    merge(cast, pair)
    with pytest.raises(ListingError, match="已并入"):
        merge(cast, pair)
    with pytest.raises(ListingError, match="自身"):
        merge(cast, [pair[0], pair[0]])


def test_listing_with_a_supplier_is_kept_by_default(pair):
    own, listed = pair
    assert better_first(listed, own) == better_first(own, listed) == (own, listed)

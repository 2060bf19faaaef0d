"""Saved searches: what is new, who is told, how often."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.enums import Visibility
from catalog.models import EnergySystem
from notices.enums import Channel, Rhythm, Topic
from notices.models import Mail, Notice
from notices.services.outbox import write_mails
from notices.services.preferences import set_rhythms
from search import saved_searches
from search.models import Found, SavedSearch
from search.saved_searches import SavingError, change_search, next_run, run_due, run_search, save_search

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def keep(cast, index):
    def make(query="q=余热", *, user=None, kind="technology", rhythm=Rhythm.AT_ONCE, name="余热技术"):
        index()
        return save_search(user or cast.enterprise, kind=kind, query=query, name=name, rhythm=rhythm)

    return make


def new_titles(search):
    return sorted(saved_searches.titles_of(search.found.values_list("kind", "object_id")).values())


def test_only_what_is_new_is_told_and_once(keep, make_technology, index):
    old = make_technology("余热锅炉")
    search = keep()
    assert (search.total, run_due()) == (1, 0)
    make_technology("烟气余热回收")
    make_technology("无关照明")
    index()
    assert run_due() == 1
    notice = Notice.objects.get()
    assert notice.title == "“余热技术”有 1 项新条目" and notice.body == "· 烟气余热回收"
    assert notice.topic == Topic.SEARCH and notice.link == f"/workspace/saved-searches/{search.pk}/"
    old.save()
    index()
    assert (run_due(), Notice.objects.count()) == (1, 1)


def test_listing_that_newly_matches_or_comes_back_is_told_once(keep, make_technology, index):
    changed = make_technology("无关照明")
    keep()
    changed.title = "余热照明"
    changed.save()
    index()
    run_due()
    assert Notice.objects.get().body == "· 余热照明"
    for is_live in (False, True):
        changed.live = is_live
        changed.save()
        index()
        run_due()
    assert Notice.objects.count() == 1


def test_what_only_mentioned_the_words_is_not_new_when_no_title_has_them_any_more(
    keep, make_technology, index
):
    titled = make_technology("余热锅炉")
    mentions = [make_technology(f"换热器{number}", principle="利用废热") for number in range(2)]
    search = keep()
    assert search.total == 1
    titled.live = False
    titled.save()
    index()
    run_due()
    search.refresh_from_db()
    assert (search.total, Notice.objects.count()) == (2, 0)
    titled.live = True
    titled.save()
    mentions[0].title = "余热换热器"
    mentions[0].save()
    make_technology("余热制冷")
    index()
    run_due()
    assert Notice.objects.get().body == "· 余热制冷"


def test_partial_results_are_never_new(keep, make_technology, index):
    search = keep("q=余热 核聚变")
    make_technology("烟气余热回收")
    index()
    run_due()
    assert not Notice.objects.exists() and search.total == 0


def test_own_listings_are_not_told(keep, cast, make_technology, make_demand, index):
    keep(user=cast.supplier)
    keep(user=cast.supplier, kind="")
    make_technology("余热一", organisation=cast.supplier_firm)
    make_technology("余热二", organisation=cast.second_firm)
    index()
    run_due()
    assert Notice.objects.get().body == "· 余热二"


def test_person_is_told_once_over_all_searches(keep, make_technology, index):
    searches = [keep(), keep("q=余热锅炉", name="锅炉"), keep(kind="", name="全部")]
    make_technology("余热锅炉")
    index()
    assert run_due() == 3
    assert Notice.objects.count() == 1
    assert [search.found.count() for search in searches] == [1, 1, 1]


def test_hidden_demands_and_fields_are_never_told(keep, cast, make_demand, index):
    search = keep("q=密语", kind="demand", user=cast.supplier)
    keep("", kind="demand", user=cast.supplier, name="全部需求")
    make_demand("密语草稿", live=False)
    make_demand("空压站", problem="密语", visibility={"problem": Visibility.MATCHED})
    make_demand("过期密语", deadline=timezone.localdate() - timedelta(1))
    index()
    run_due()
    assert Notice.objects.get().body == "· 空压站"
    assert not search.found.exists()


def test_listing_that_leaves_before_the_notice_is_not_named(keep, make_technology, index):
    search = keep()
    technology = make_technology("余热锅炉")
    index()
    technology.live = False
    technology.save()
    run_search(SavedSearch.objects.get())
    assert search.found.count() == 1 and not Notice.objects.exists()


def test_deactivated_and_deleted_people_are_left_alone(keep, cast, make_technology, index):
    keep()
    keep(user=cast.bank)
    cast.enterprise.is_active = False
    cast.enterprise.save()
    cast.bank.delete()
    make_technology("余热锅炉")
    index()
    assert (run_due(), Notice.objects.count(), SavedSearch.objects.count()) == (0, 0, 1)


@pytest.mark.parametrize(
    ("rhythm", "hour", "expected"),
    [
        (Rhythm.AT_ONCE, 9, None),
        (Rhythm.DAILY, 7, (25, 7, 40)),
        (Rhythm.DAILY, 9, (26, 7, 40)),
        (Rhythm.OFF, 9, (26, 7, 40)),
        (Rhythm.WEEKLY, 9, (30, 7, 40)),
    ],
)
def test_next_run_is_shortly_before_the_digest(rhythm, hour, expected):
    due = next_run(rhythm, datetime(2026, 11, 25, hour, tzinfo=SHANGHAI))
    if expected is None:
        assert due is None
    else:
        local = due.astimezone(SHANGHAI)
        assert (local.day, local.hour, local.minute) == expected


@pytest.mark.parametrize("minutes", [0, 90], ids=["in time", "late"])
def test_digest_carries_daily_searches_in_one_mail(keep, make_technology, index, minutes):
    searches = [keep(rhythm=Rhythm.DAILY), keep("q=锅炉", rhythm=Rhythm.DAILY, name="锅炉")]
    make_technology("余热回收")
    make_technology("燃煤锅炉")
    index()
    assert run_due() == 0
    due = max(search.due_at for search in searches)
    assert run_due(now=due + timedelta(minutes=minutes)) == 2
    eight = due + timedelta(minutes=20)
    assert set(Notice.objects.values_list("mail_rhythm", "mail_due_at")) == {(Rhythm.DAILY, eight)}
    assert write_mails(now=eight - timedelta(minutes=1)) == 0
    assert write_mails(now=eight + timedelta(minutes=minutes)) == 1
    assert "余热回收" in Mail.objects.get().body and "燃煤锅炉" in Mail.objects.get().body


@pytest.mark.parametrize(
    ("topic_rhythm", "own", "expected"),
    [
        (Rhythm.WEEKLY, Rhythm.AT_ONCE, Rhythm.WEEKLY),
        (Rhythm.AT_ONCE, Rhythm.WEEKLY, Rhythm.WEEKLY),
        (Rhythm.OFF, Rhythm.AT_ONCE, Rhythm.OFF),
    ],
)
def test_nobody_gets_more_mail_than_chosen(keep, cast, make_technology, index, topic_rhythm, own, expected):
    set_rhythms(cast.enterprise, {(Topic.SEARCH, Channel.EMAIL): topic_rhythm})
    search = keep(rhythm=own)
    make_technology("余热锅炉")
    index()
    run_due(now=search.due_at or timezone.now())
    assert Notice.objects.get().mail_rhythm == expected


def test_search_without_alerts_counts_but_never_tells_what_came_meanwhile(keep, make_technology, index):
    search = keep(rhythm=Rhythm.OFF)
    make_technology("余热锅炉")
    index()
    run_due(now=search.due_at)
    assert (search.found.count(), Notice.objects.count()) == (1, 0)
    search.refresh_from_db()
    change_search(search, name="余热", rhythm=Rhythm.AT_ONCE, is_paused=False)
    make_technology("余热二")
    index()
    run_due()
    assert Notice.objects.get().body == "· 余热二"


def test_paused_search_rests_and_tells_afterwards(keep, make_technology, index):
    search = keep()
    change_search(search, name="余热", rhythm=Rhythm.AT_ONCE, is_paused=True)
    make_technology("余热锅炉")
    index()
    assert run_due() == 0
    search.refresh_from_db()
    change_search(search, name="余热", rhythm=Rhythm.AT_ONCE, is_paused=False)
    assert (run_due(), Notice.objects.count()) == (1, 1)


def test_removed_filter_value_is_said_and_floods_nobody(keep, make_technology, taxonomy, index):
    system = EnergySystem.objects.create(code="old", name="旧系统")
    search = keep("system=old")
    for number in range(3):
        make_technology(f"热泵{number}", systems=[taxonomy.waste_heat])
    system.delete()
    index()
    run_due()
    search.refresh_from_db()
    assert (search.total, Notice.objects.count()) == (3, 0)
    assert "old" in search.missing
    make_technology("热泵四")
    index()
    run_due()
    assert Notice.objects.get().body.startswith("· 热泵四\n以下筛选条件已不存在")


def test_number_of_searches_is_limited_and_the_same_one_is_kept_once(keep, monkeypatch):
    monkeypatch.setattr(saved_searches, "MOST_SAVED", 2)
    keep("q=甲")
    again = keep("q=甲", name="新名称", rhythm=Rhythm.WEEKLY)
    keep("q=乙")
    assert SavedSearch.objects.get(pk=again.pk).name == "新名称"
    with pytest.raises(SavingError, match="最多保存 2 个"):
        keep("q=丙")
    with pytest.raises(SavingError, match="太多"):
        keep("q=" + "丙" * 5000)


def test_run_that_dies_loses_nothing(keep, make_technology, index, monkeypatch):
    keep()
    make_technology("余热锅炉")
    index()

    def die(*args, **kwargs):
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(saved_searches, "notify_each", die)
        broken.setattr(saved_searches.logger, "exception", lambda *args: None)
        assert run_due() == 0
    assert not Found.objects.exists()
    assert run_due(now=timezone.now() + timedelta(hours=2)) == 1
    assert Notice.objects.count() == 1


def test_change_during_a_run_is_not_lost(keep, make_technology, index, monkeypatch):
    search = keep()
    make_technology("余热一")
    index()
    search.refresh_from_db()
    make_technology("余热二")
    index()
    assert run_search(search) is None
    assert (run_due(), Notice.objects.get().body) == (1, "· 余热二\n· 余热一")


def test_two_workers_at_the_same_search_tell_once(keep, make_technology, index, monkeypatch):
    keep()
    keep("q=锅炉", name="锅炉")
    make_technology("余热一")
    make_technology("锅炉一")
    index()
    first_evaluates, done = saved_searches.evaluate, []

    def other_worker_runs_meanwhile(search):
        found = first_evaluates(search)
        if not done:
            done.append(True)
            done.append(run_due())
        return found

    monkeypatch.setattr(saved_searches, "evaluate", other_worker_runs_meanwhile)
    assert (run_due(), done[1]) == (0, 2)
    assert sorted(Notice.objects.values_list("body", flat=True)) == ["· 余热一", "· 锅炉一"]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    query=st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=60),
    kind=st.sampled_from(["", "technology", "demand"]),
)
def test_any_stored_query_can_be_run(cast, query, kind):
    search = save_search(cast.bank, kind=kind, query=query[:60], name="甲", rhythm=Rhythm.OFF)
    assert run_search(search) is not None
    search.delete()

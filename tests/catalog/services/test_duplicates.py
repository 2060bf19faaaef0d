"""Technologies listed twice."""

import time

from catalog.services.duplicates import call_distinct, find_pairs, likely_duplicates, similar_listings


def row(pk, title, owner="", item=""):
    return (pk, title, owner, None, None, "国家目录" if item else "", "2023", item)


def pairs(*rows):
    return [(pair.first_id, pair.second_id) for pair in find_pairs(list(rows))]


def test_same_title_is_found_whatever_its_spelling():
    assert pairs(row(1, "磁悬浮离心鼓风机技术"), row(2, "磁悬浮　离心鼓风机"), row(3, "余热锅炉")) == [(1, 2)]


def test_same_owner_weighs_for_and_another_against():
    similar = ("循环水系统节能优化控制", "循环水泵系统节能优化控制")
    assert pairs(row(1, similar[0], "甲公司"), row(2, similar[1], "甲公司")) == [(1, 2)]
    assert pairs(row(1, similar[0], "甲公司"), row(2, similar[1], "乙公司")) == []


def test_same_catalogue_item_is_certain():
    [pair] = find_pairs([row(1, "高效电机", item="12"), row(2, "永磁同步驱动", item="12")])
    assert pair.score == 1 and pair.is_same_item
    assert pair.reasons[1:] == ["目录、版本和序号相同"]


def test_nothing_to_compare():
    assert pairs() == pairs(row(1, "甲")) == pairs(row(1, "甲"), row(2, "乙")) == []


def test_eight_thousand_titles_take_seconds():
    words = ["余热", "回收", "变频", "永磁", "电机", "锅炉", "换热", "控制", "水泵", "照明", "空压", "蓄热"]
    rows = [row(i, "".join(words[(i * k + k) % 12] for k in range(1, 6)) + str(i)) for i in range(8000)]
    started = time.monotonic()
    find_pairs(rows)
    assert time.monotonic() - started < 20


def test_only_live_technologies_with_an_owner_are_compared(cast, make_technology):
    one, two = make_technology("磁悬浮离心鼓风机"), make_technology("磁悬浮离心鼓风机技术")
    make_technology("磁悬浮离心鼓风机", live=False)
    make_technology("磁悬浮离心鼓风机", origin="reference")
    make_technology("磁悬浮离心鼓风机", merged_into=one)
    assert [(p.first_id, p.second_id) for p in likely_duplicates()] == [(one.pk, two.pk)]


def test_pair_called_distinct_does_not_come_back(cast, make_technology):
    one, two = make_technology("磁悬浮离心鼓风机"), make_technology("磁悬浮离心鼓风机技术")
    call_distinct(two, one, user=cast.librarian)
    call_distinct(one, two, user=cast.librarian)
    assert likely_duplicates() == []


def test_submission_is_compared_with_what_is_public(cast, make_technology):
    public = make_technology("磁悬浮离心鼓风机")
    make_technology("余热锅炉")
    draft = make_technology("磁悬浮离心鼓风机装置", live=False, organisation=cast.supplier_firm)
    [(found, pair)] = similar_listings(draft)
    assert (found, pair.title_similarity > 0.9) == (public, True)
    assert similar_listings(make_technology("冷凝水回收", live=False)) == []

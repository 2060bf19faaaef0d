"""Search is measured on files, in a scratch index, without touching the site's own."""

import json

import pytest
from django.core.management import CommandError, call_command

from search.embedded import EmbeddedEngine
from search.engine import Document, Query
from search.models import Entry
from search.scratch import embedded_scratch

pytestmark = pytest.mark.django_db
LISTINGS = "id,title,text\na,空压机余热回收,从油路取热制热水\nb,照明灯具,雷达感应\nc,锅炉余热,烟气里的热\n"
QUERIES = "query,expected,kind\n余热,a c,two characters\n空压机,a,exact\n灯具,a,exact\n风机,,nothing\n"


@pytest.fixture
def run(tmp_path, capsys):
    def run(*options, encoding="utf-8", **changed):
        arguments = []
        for name, text in ({"listings": LISTINGS, "queries": QUERIES} | changed).items():
            if text is not None:
                (tmp_path / f"{name}.csv").write_bytes(
                    text if isinstance(text, bytes) else text.encode(encoding)
                )
            arguments += [f"--{name}", str(tmp_path / f"{name}.csv")]
        call_command("evaluate_search", *arguments, *options)
        return capsys.readouterr().out

    return run


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_json_holds_the_figures_of_each_kind_whatever_the_encoding(run, encoding):
    figures = json.loads(run("--json", encoding=encoding))
    kinds = figures["kinds"]
    assert (figures["engine"], figures["listings"], figures["all"]["number"]) == ("embedded", 3, 4)
    assert (kinds["two characters"]["recall"], kinds["two characters"]["precision"]) == (1, 1)
    assert (kinds["exact"]["recall"], kinds["exact"]["mrr"], kinds["nothing"]["precision"]) == (0.5, 0.5, 1)


def test_table_has_a_row_for_each_kind_and_one_for_all(run):
    rows = run().splitlines()
    assert [row.split("|")[1].strip() for row in rows[2:]] == [
        "two characters",
        "exact",
        "nothing",
        "all queries",
    ]


def test_own_index_is_neither_touched_nor_measured(run):
    engine = EmbeddedEngine()
    engine.add([Document("technology", 7, "空压机余热"), Document("evaluation", 1, "空压机")])
    before = list(Entry.objects.order_by("pk").values())
    assert json.loads(run("--json"))["kinds"]["two characters"]["precision"] == 1
    assert list(Entry.objects.order_by("pk").values()) == before
    assert [hit.object_id for hit in engine.search(Query("technology", "余热")).hits] == [7]


def test_scratch_index_is_gone_after_an_error():
    EmbeddedEngine().add([Document("technology", 7, "空压机")])
    with pytest.raises(ZeroDivisionError), embedded_scratch() as scratch:
        scratch.add([Document("technology", 8, "锅炉")])
        assert scratch.ids("technology") == {8}
        raise ZeroDivisionError
    assert EmbeddedEngine().ids("technology") == {7}


def test_elasticsearch_must_be_set_to_be_measured(run, settings):
    settings.ELASTICSEARCH_URL = ""
    with pytest.raises(CommandError, match="ELASTICSEARCH_URL"):
        run("--engine", "elasticsearch")


def test_elasticsearch_that_does_not_answer_is_reported(run, settings):
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:1"
    with pytest.raises(CommandError, match="Elasticsearch 没有完成测量"):
        run("--engine", "elasticsearch")


@pytest.mark.elastic
def test_elasticsearch_finds_the_same(run):
    found, other = (json.loads(run("--json", "--engine", name)) for name in ("embedded", "elasticsearch"))
    assert (found["kinds"], found["all"]) == (other["kinds"], other["all"])


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"listings": "编号,标题\n1,甲\n"}, "listings.csv 缺少列“id”；现有列：编号、标题"),
        ({"listings": LISTINGS + "a,又一,文\n"}, "listings.csv 第 5 行：编号“a”重复"),
        ({"listings": LISTINGS + "a b,又一,文\n"}, "listings.csv 第 5 行：编号为空或含空格"),
        ({"listings": "id,title,text\n"}, "listings.csv 中没有数据行"),
        ({"queries": "query,kind\n甲,乙\n"}, "缺少列“expected 或 expected_ids”"),
        ({"queries": QUERIES + ",a,exact\n"}, "queries.csv 第 6 行：查询为空"),
        ({"queries": QUERIES + "甲,a z,exact\n"}, "queries.csv 第 6 行：没有编号为“z”的条目"),
        ({"queries": "query,expected,kind\n"}, "queries.csv 中没有数据行"),
        ({"queries": 'query,expected,kind\n"' + "甲" * 140_000 + '",a,b\n'}, "第 2 行不是可读取的 CSV"),
        ({"queries": b"\xff\xff\x00\x81"}, "编码"),
        ({"queries": None}, "无法读取文件"),
    ],
)
def test_bad_files_are_refused_with_a_sentence(run, changed, sentence):
    with pytest.raises(CommandError, match=sentence):
        run(**changed)

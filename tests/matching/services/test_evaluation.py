import json

import pytest
from django.core.management import CommandError, call_command

NEEDS = "need_id,title,content\nn,余热回收,锅炉烟气余热\n"
TECHNOLOGIES = "technology_id,title_words\na,烟气 余热 回收\nb,照明 灯具\n"
JUDGEMENTS = "need_id,technology_id,grade\nn,a,4\nn,b,1\n"


@pytest.fixture
def run(tmp_path, capsys):
    def run(*options, encoding="utf-8", **changed):
        files = {"needs": NEEDS, "technologies": TECHNOLOGIES, "judgements": JUDGEMENTS} | changed
        arguments = []
        for name, text in files.items():
            if text is not None:
                (tmp_path / f"{name}.csv").write_bytes(
                    text if isinstance(text, bytes) else text.encode(encoding)
                )
            arguments += [f"--{name}", str(tmp_path / f"{name}.csv")]
        call_command("evaluate_matching", *arguments, *options)
        return capsys.readouterr().out

    return run


def test_figures_are_printed(run):
    out = run()
    assert "nDCG@10            1.0000" in out
    assert "MAP (grade >= 3)   1.0000" in out


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_json_holds_the_figures_whatever_the_encoding(run, encoding):
    figures = json.loads(run("--json", encoding=encoding))
    assert figures["ndcg_at_10"] == 1
    assert figures["need_count"] == 1
    assert figures["pair_count"] == 2


def test_figure_that_cannot_be_computed_is_null(run):
    figures = json.loads(run("--json", judgements="need_id,technology_id,grade\nn,a,1\n"))
    assert (figures["ndcg_at_10"], figures["need_count"]) == (None, 0)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"needs": "编号,标题\n1,甲\n"}, "needs.csv 缺少列“need_id”；现有列：编号、标题"),
        ({"technologies": "technology_id,name\na,b\n"}, "缺少列“title 或 title_words”"),
        ({"judgements": ""}, "缺少列“need_id”；现有列：（无）"),
        (
            {"judgements": JUDGEMENTS + "n,b,五\n"},
            "judgements.csv 第 4 行：等级应为 1、2、3 或 4，实际为“五”",
        ),
        ({"judgements": "need_id,technology_id,grade\nx,y,2\n"}, "请检查编号是否一致"),
        ({"needs": b"\xff\xff\x00\x81"}, "编码"),
        ({"needs": None}, "无法读取文件"),
    ],
)
def test_bad_files_are_refused_with_a_sentence(run, changed, sentence):
    with pytest.raises(CommandError, match=sentence):
        run(**changed)

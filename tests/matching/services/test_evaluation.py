import json

import pytest
from django.core.management import CommandError, call_command

NEEDS = "need_id,title,content\nn,余热回收,锅炉烟气余热\n"
TECHNOLOGIES = "technology_id,title_words\na,烟气 余热 回收\nb,照明 灯具\n"
JUDGEMENTS = "need_id,technology_id,grade\nn,a,4\nn,b,1\n"


@pytest.fixture
def run(tmp_path, capsys):
    def run(*options, encoding="utf-8", command="evaluate_matching", **changed):
        files = {"needs": NEEDS, "technologies": TECHNOLOGIES, "judgements": JUDGEMENTS} | changed
        arguments = []
        for name, text in files.items():
            if text is not None:
                (tmp_path / f"{name}.csv").write_bytes(
                    text if isinstance(text, bytes) else text.encode(encoding)
                )
            arguments += [f"--{name}", str(tmp_path / f"{name}.csv")]
        call_command(command, *arguments, *options)
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


SUBJECTS = ("空压机", "锅炉", "照明", "电机", "水泵", "蒸汽", "光伏", "污泥")
MANY = {
    "needs": "need_id,title,content\n" + "".join(f"n{each},{each}改造,公司的{each}\n" for each in SUBJECTS),
    "technologies": "technology_id,title\n"
    + "".join(
        f"{each}{kind},{title}\n" for each in SUBJECTS for kind, title in enumerate((f"{each}节能", "种菜"))
    ),
    "judgements": "need_id,technology_id,grade\n"
    + "".join(f"n{each},{each}{kind},{grade}\n" for each in SUBJECTS for kind, grade in enumerate((4, 1))),
}


def test_model_that_was_trained_can_be_evaluated(run, tmp_path):
    output = tmp_path / "model.json"
    out = run("--output", str(output), "--source", "invented", command="train_matching", **MANY)
    assert "16 pairs of 8 needs" in out
    assert json.loads(output.read_text())["training"]["source"] == "invented"
    figures = json.loads(run("--json", "--model", str(output), **MANY))
    assert (figures["ndcg_at_10"], figures["model"]) == (1, json.loads(output.read_text())["version"])


def test_folds_of_needs_are_measured_with_what_scores_meant(run):
    figures = json.loads(run("--json", "--cross-validate", "4", "--repeat", "2", **MANY))
    assert (figures["ndcg_at_10"], figures["folds"], figures["spread"]["ndcg_at_10"]) == (1, "needs", 0)
    assert sum(band[2] for band in figures["bands"]) == 16
    assert "1/(1+MAE)" in run("--cross-validate", "4", **MANY)


def test_folds_of_pairs_are_measured(run):
    figures = json.loads(run("--json", "--cross-validate", "8", "--folds", "pairs", **MANY))
    assert (figures["pair_count"], figures["folds"]) == (16, "pairs")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--cross-validate", "1"), "折数应在 2 到需求数 1 之间"),
        (("--model", "/nowhere/model.json"), "无法使用模型文件 /nowhere/model.json"),
    ],
)
def test_senseless_options_are_refused_with_a_sentence(run, options, sentence):
    with pytest.raises(CommandError, match=sentence):
        run(*options)


def test_too_few_judgements_cannot_be_learned_from(run, tmp_path):
    with pytest.raises(CommandError, match="可供学习的评判太少：至少需要 5 个"):
        run("--output", str(tmp_path / "model.json"), command="train_matching")

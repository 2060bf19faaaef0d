"""The sentence beside a score."""

from django.template import Context, Template

from matching.engine.model import shipped_model


def render(argument=""):
    return Template(f"{{% load scores %}}{{% score_meaning {argument} %}}").render(Context())


def test_meaning_names_what_judges_found_and_where_it_ends():
    html = render()
    for points in (35, 50, 75):
        share = round(float(shipped_model().chance_of_related(points / 100)) * 100)
        assert f"{points} 分约 {share}%" in html
    assert "不是成功的概率" in html and "没有这样的评判可以对照" in html


def test_meaning_is_folded_on_a_page_and_open_on_paper():
    assert render().startswith("<details") and "<details" not in render("is_open=True")

"""Forms that everyone can read, also with a screen reader."""

from django import forms


class SampleForm(forms.Form):
    title = forms.CharField(label="名称", help_text="不超过 20 字", max_length=20)
    note = forms.CharField(label="说明", required=False)
    agree = forms.BooleanField(label="同意")
    ways = forms.MultipleChoiceField(
        label="方式", choices=[("a", "甲"), ("b", "乙")], widget=forms.CheckboxSelectMultiple
    )


def test_form_names_label_help_and_error_of_a_field():
    html = str(SampleForm({"title": "字" * 21}))
    assert '<label for="id_title">名称</label>' in html
    assert 'id="id_title_helptext"' in html
    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert 'id="id_title_error"' in html
    assert "已填写的内容都已保留" in html


def test_form_marks_optional_fields_and_groups_choices():
    html = str(SampleForm())
    assert html.count("选填") == 1
    assert "<legend>方式</legend>" in html
    assert "alert--error" not in html


def test_form_escapes_what_was_typed():
    html = str(SampleForm({"title": "<script>alert(1)</script>" * 3}))
    assert "<script>" not in html

"""Building blocks of pages."""

from django.core.paginator import Paginator
from django.template import Context, Template

from marketplace.templatetags import interface


def render(source, **context):
    return Template("{% load interface %}" + source).render(Context(context))


def test_breadcrumb_links_all_but_the_page_itself():
    html = render("{% breadcrumb '技术库' '/technologies/' title %}", title="<b>甲</b>")
    assert '<a href="/technologies/">技术库</a>' in html
    assert '<span aria-current="page">&lt;b&gt;甲&lt;/b&gt;</span>' in html


def test_icon_is_hidden_from_assistive_technology():
    html = interface.icon("search")
    assert 'aria-hidden="true"' in html
    assert "#search" in html


def test_page_numbers_leave_gaps():
    page = Paginator(range(200), 10).page(10)
    assert list(interface.page_numbers(page)) == [1, "…", 9, 10, 11, "…", 20]


def test_percent_number_treats_unknown_as_zero():
    assert interface.percent_number(None) == 0
    assert interface.percent_number(0.734) == 73

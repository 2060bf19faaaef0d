"""HTML typed into any text field is shown as text wherever the technology appears."""

import pytest
from django.db import models
from django.urls import reverse

from catalog.enums import TechnologyStep
from catalog.models import Technology, TechnologyCase, TechnologyCondition
from catalog.services.publishing import publish_directly, save_draft
from search.services import rebuild_index

MARKUP = "<script>alert(1)</script>"


def fill(row):
    """Write markup into every text field without choices, the kind of field a person types into."""
    for field in row._meta.concrete_fields:
        is_text = type(field) in {models.CharField, models.TextField} and not field.choices
        if is_text and (field.max_length is None or field.max_length >= len(MARKUP)):
            setattr(row, field.name, MARKUP)
    return row


@pytest.fixture
def technology(cast, taxonomy):
    listing = fill(Technology(organisation=cast.supplier_firm))
    listing.systems.set([taxonomy.compressed_air])
    listing.cases.set([fill(TechnologyCase(year=2023))])
    listing.conditions.set([fill(TechnologyCondition(quantity="running_hours", minimum=3000))])
    return publish_directly(save_draft(listing, user=cast.supplier), user=cast.librarian)


def assert_shown_as_text(client, pages):
    for page in pages:
        response = client.get(page)
        html = response.content.decode()
        assert (page, response.status_code) == (page, 200)
        assert MARKUP not in html, page


def test_public_pages_show_markup_as_text(as_, technology):
    rebuild_index()
    client = as_(None)
    pages = [
        f"/technologies/{technology.pk}/",
        "/technologies/",
        "/technologies/?q=alert",
        "/search/?q=alert",
    ]
    assert_shown_as_text(client, pages)
    assert "&lt;script&gt;" in client.get("/technologies/").content.decode()


def test_pages_of_the_supplier_show_markup_as_text(cast, as_, technology):
    steps = [
        reverse("catalog:edit_technology_step", args=[technology.pk, step]) for step in TechnologyStep.values
    ]
    own = [reverse("catalog:my_technologies"), reverse("catalog:my_technology", args=[technology.pk])]
    assert_shown_as_text(as_(cast.supplier), [*own, *steps])


def test_pages_of_officials_show_markup_as_text(cast, as_, technology):
    space = technology.snippet_viewset.url_namespace
    pages = [reverse(f"{space}:list"), *(
        reverse(f"{space}:{name}", args=[technology.pk]) for name in ("edit", "history", "usage")
    )]  # fmt: skip
    assert_shown_as_text(as_(cast.librarian), pages)

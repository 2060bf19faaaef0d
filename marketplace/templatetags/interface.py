"""Building blocks of pages: icons, breadcrumbs, pagination."""

from decimal import Decimal

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def words(text):
    """Split a text at spaces, for loops over fixed words."""
    return text.split()


@register.simple_tag
def stylesheet(name):
    """Return the address of one of our style sheets."""
    return static(f"css/{name}.css")


@register.simple_tag
def icon(name, css_class="icon"):
    """Draw a decorative icon of img/icons.svg; what it says must also stand beside it as text."""
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        css_class,
        static("img/icons.svg"),
        name,
    )


@register.inclusion_tag("components/breadcrumb.html")
def breadcrumb(*steps):
    """Draw where the page stands: label, address, label, address, …, label of the page itself."""
    return {
        "entries": [
            (step, steps[i + 1] if i + 1 < len(steps) else "") for i, step in enumerate(steps) if i % 2 == 0
        ]
    }


@register.filter
def page_numbers(page):
    """Return the page numbers to show, with the paginator's ELLIPSIS for gaps."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


@register.filter
def percent_number(score):
    """Return a share of 0 to 1 as a whole number of 0 to 100, or 0 where it is unknown."""
    return round(Decimal(str(score or 0)) * 100)


@register.filter
def bracketed(text):
    """Return a text in the brackets of the reader's language."""
    return format_html(_("（{}）"), text)


@register.simple_tag
def visibility_label(visibility, name):
    """Return who may see a field of a demand."""
    return visibility[name].label if name in visibility else ""

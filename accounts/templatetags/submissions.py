"""The hidden field of forms that survive an expired session and a double click."""

from django import template
from django.utils.html import format_html

from accounts.submissions import FIELD, make_token

register = template.Library()


@register.simple_tag(takes_context=True)
def form_token(context):
    """Render the token that accounts.submissions looks for."""
    return format_html(
        '<input type="hidden" name="{}" value="{}">', FIELD, make_token(context["request"].user)
    )

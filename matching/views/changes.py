"""Who changed a row of settings, read from Wagtail's log."""

from django.utils.translation import gettext as _
from wagtail.models import ModelLogEntry

LATEST = 10


def changes_of(model, action: str) -> list[dict]:
    """Return the latest log entries of an action with the fields that each changed, by their labels."""
    entries = ModelLogEntry.objects.filter(action=action).select_related("user").order_by("-timestamp", "-pk")
    names = {field.name: field.verbose_name for field in model._meta.concrete_fields}
    return [
        {
            "entry": entry,
            "lines": [
                {"label": names[name], "before": said(entry.data["before"].get(name)), "after": said(after)}
                for name, after in entry.data["after"].items()
                if name in names and entry.data["before"].get(name) != after
            ],
        }
        for entry in entries[:LATEST]
    ]


def said(value) -> str:
    """Return a value of the log as people read it.

    >>> said(40.0), said(2.5)
    ('40', '2.5')
    """
    if value is None:
        return _("不设")
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return f"{value:g}"

"""What is shown when a request is refused."""

import re
from urllib.parse import urlsplit

from django.forms.forms import BaseForm
from django.shortcuts import render
from django.utils.translation import gettext as _

SHORTEST_KEPT = 2
NOT_TYPED = {"csrfmiddlewaretoken", "form_token", "code", "next", "go", "add_row"}
TICKED = "on"
ROW_OF_FIELD = re.compile(r"^(?:.*-)?(\d+)-(\w+)$")


def csrf_failure(request, reason=""):
    """Explain an expired form calmly and hand back what was typed, if it was typed on our own pages."""
    is_ours = urlsplit(request.headers.get("Origin", "")).netloc == request.get_host()
    return render(request, "403_csrf.html", {"typed": typed_texts(request) if is_ours else []}, status=403)


def typed_texts(request) -> list[tuple[str, str]]:
    """Return labels and texts that a person would miss: no secrets, no single characters, nothing twice."""
    names = [name for name in request.POST if name not in NOT_TYPED and "password" not in name]
    fields = fields_behind(names)
    texts: dict[str, str] = {}
    for name in names:
        for value in request.POST.getlist(name):
            text = value.strip()
            if len(text) >= SHORTEST_KEPT and text != TICKED and not text.isdigit():
                texts.setdefault(shown_value(fields.get(bare(name)), text), label_of(name, fields))
    return [(label, text) for text, label in texts.items()]


def bare(name: str) -> str:
    """Return the name of a field without the prefix of its form or row.

    Examples
    --------
    >>> bare("cases-0-site"), bare("own-handles_energy"), bare("title")
    ('site', 'handles_energy', 'title')
    """
    return name.rpartition("-")[2]


def fields_behind(names: list[str]) -> dict:
    """Return the form fields that posted names mean, by bare name.

    The refused view was not run, so its form is not known: the form with the most of these names is it, and rows
    and second forms of the page are found by what is left.
    """
    wanted = {bare(name) for name in names}
    found: dict = {}
    for form in sorted(our_forms(), key=lambda form: -len(wanted & set(form.base_fields))):
        for name in wanted & set(form.base_fields):
            found.setdefault(name, form.base_fields[name])
    return found


def our_forms() -> list[type[BaseForm]]:
    """Return every form class that is loaded, once each, in a steady order."""
    found, waiting = {}, [BaseForm]
    while waiting:
        for form in waiting.pop().__subclasses__():
            if form not in found:
                found[form] = f"{form.__module__}.{form.__qualname__}"
                waiting.append(form)
    return sorted((form for form in found if hasattr(form, "base_fields")), key=found.get)


def label_of(name: str, fields: dict) -> str:
    """Return what the field is called on the page, with its number where it stands in a row."""
    field = fields.get(bare(name))
    label = str(field.label) if field is not None and field.label else _("填写的内容")
    row = ROW_OF_FIELD.match(name)
    return _("%(label)s（第 %(number)d 行）") % {"label": label, "number": int(row[1]) + 1} if row else label


def shown_value(field, text: str) -> str:
    """Return the words of a choice instead of the value that travels."""
    choices = getattr(field, "choices", None)
    if not isinstance(choices, list):
        return text
    flat = {}
    for value, label in choices:
        flat |= dict(label) if isinstance(label, (list, tuple)) else {value: label}
    return str(flat.get(text, text))

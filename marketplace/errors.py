"""What is shown when a request is refused."""

from urllib.parse import urlsplit

from django.shortcuts import render

SHORTEST_KEPT = 2
NOT_TYPED = {"csrfmiddlewaretoken", "form_token", "code", "next"}
TICKED = "on"


def csrf_failure(request, reason=""):
    """Explain an expired form calmly and hand back what was typed, if it was typed on our own pages."""
    is_ours = urlsplit(request.headers.get("Origin", "")).netloc == request.get_host()
    return render(request, "403_csrf.html", {"typed": typed_texts(request) if is_ours else []}, status=403)


def typed_texts(request):
    """Return the texts of a form that a person would miss: no secrets, no single characters, nothing twice."""
    texts = [
        value.strip()
        for name, values in request.POST.lists()
        if name not in NOT_TYPED and "password" not in name
        for value in values
    ]
    return list(
        dict.fromkeys(
            text for text in texts if len(text) >= SHORTEST_KEPT and text != TICKED and not text.isdigit()
        )
    )

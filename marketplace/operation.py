"""The operator's page: how every part stands and what to do about it."""

import platform
from importlib.metadata import version

from django.conf import settings
from django.db import connection
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.roles import Duty
from marketplace.signs import signs
from matching.views.officials import officials_only, page_head

SHOWN_VERSIONS = ("Django", "wagtail", "celery", "scikit-learn", "elasticsearch")


@never_cache
@officials_only(duty=Duty.OPERATE)
@require_safe
def condition(request):
    """Show the signs of all parts, the worst first."""
    order = {"failed": 0, "degraded": 1, "ok": 2}
    found = sorted(signs(), key=lambda sign: order[sign.state])
    context = {
        **page_head(_("运行状况"), icon="cogs"),
        "signs": [(sign, {name: _shown(value) for name, value in sign.figures.items()}) for sign in found],
        "troubled": sum(sign.state != "ok" for sign in found),
        "versions": {"Python": platform.python_version(), **{name: version(name) for name in SHOWN_VERSIONS}},
        "places": {
            _("数据库"): connection.vendor,
            _("消息队列和缓存"): "Redis" if settings.REDIS_URL else _("内置"),
            _("检索引擎"): "Elasticsearch" if settings.ELASTICSEARCH_URL else _("内置"),
        },
    }
    return render(request, "marketplace/admin/operation.html", context)


def _shown(value: float) -> str:
    return f"{value:.3f}" if isinstance(value, float) and value < 1 else f"{value:,.0f}"

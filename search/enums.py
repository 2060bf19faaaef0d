"""Kinds of what can be found, and where it is indexed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """The libraries, named as in catalog.signals.listings_changed, and what search.sources adds."""

    TECHNOLOGY = "technology", _("节能技术")
    DEMAND = "demand", _("技术需求")
    CASE = "case", _("应用案例")
    PAGE = "page", _("政策、动态与说明")


LIBRARIES = (Kind.TECHNOLOGY, Kind.DEMAND)


class Store(models.TextChoices):
    """Where an index is kept."""

    EMBEDDED = "embedded", _("内置索引")
    ELASTIC = "elastic", "Elasticsearch"

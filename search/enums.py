"""Kinds of what can be found, and where it is indexed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """The same words as catalog.signals.listings_changed."""

    TECHNOLOGY = "technology", _("节能技术")
    DEMAND = "demand", _("技术需求")


class Store(models.TextChoices):
    """Where an index is kept."""

    EMBEDDED = "embedded", _("内置索引")
    ELASTIC = "elastic", "Elasticsearch"

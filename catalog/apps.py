from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    name = "catalog"
    verbose_name = _("两库")

    def ready(self):
        import_module("catalog.receivers")
        import_module("catalog.review_receivers")

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from marketplace.provision import create_cache_table


class MarketplaceConfig(AppConfig):
    name = "marketplace"
    verbose_name = _("平台")

    def ready(self):
        # Django tells only apps with models of the end of a migration; cms is the first of them.
        post_migrate.connect(
            create_cache_table, sender=apps.get_app_config("cms"), dispatch_uid="marketplace-cache-table"
        )

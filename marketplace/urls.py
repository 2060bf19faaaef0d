"""Root addresses."""

from django.urls import include, path
from django.views.i18n import set_language
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from accounts.views.login import admin_login
from marketplace import my_data
from marketplace.api import api
from marketplace.health import healthz, readyz
from marketplace.metrics import metrics
from marketplace.operation import condition

urlpatterns = [
    path("workspace/my-data/", my_data.overview, name="my_data"),
    path("workspace/my-data/download/", my_data.download, name="my_data_download"),
    path("workspace/my-data/erase/", my_data.erase, name="my_data_erase"),
    path("workspace/my-data/erased/", my_data.erased, name="my_data_erased"),
    path("language/", set_language, name="set_language"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("admin/login/", admin_login, name="admin_login"),
    path("api/v1/", api.urls),
    path("admin/operation/", condition, name="operation"),
    path("admin/", include("matching.admin_urls")),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("accounts/", include("allauth.urls")),
    path("", include("cms.urls")),
    path("", include("accounts.urls")),
    path("", include("notices.urls")),
    path("", include("catalog.urls")),
    path("", include("matching.urls")),
    path("", include("search.urls")),
    path("", include(wagtail_urls)),
]

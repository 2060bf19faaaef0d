"""How officials list organisations, join requests and keys in the Wagtail admin."""

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from accounts.models import ApiToken, Membership, Organisation
from accounts.views import officials


class OrganisationIndexView(IndexView):
    """Titles lead to the verification page."""

    def get_edit_url(self, instance):
        if self.request.user.has_perm("accounts.verify_organisation"):
            return reverse("accounts_organisations:verify", args=[instance.pk])
        return super().get_edit_url(instance)


class OrganisationViewSet(SnippetViewSet):
    model = Organisation
    icon = "group"
    menu_label = _("机构")
    menu_order = 200
    add_to_admin_menu = True
    admin_url_namespace = "accounts_organisations"
    base_url_path = "organisations"
    index_view_class = OrganisationIndexView
    copy_view_enabled = False
    list_display = [
        "name",
        "credit_code",
        "area",
        Column("get_verification_display", label=_("核验状态")),
        DateColumn("created_at", label=_("创建时间")),
    ]
    list_filter = ["verification", "is_supplier", "is_enterprise", "is_financial", "area", "is_sample"]
    list_export = ["name", "credit_code", "industry", "area", "address", "verification"]
    list_per_page = 50
    search_fields = ["name", "credit_code"]
    panels = [
        FieldPanel("name"),
        FieldPanel("credit_code"),
        FieldRowPanel([FieldPanel("is_supplier"), FieldPanel("is_enterprise"), FieldPanel("is_financial")]),
        FieldPanel("industry"),
        FieldPanel("area"),
        FieldPanel("address"),
        FieldPanel("introduction"),
    ]

    def get_queryset(self, request):
        return Organisation.objects.select_related("area", "industry")

    def get_urlpatterns(self):
        # The menu leads to the first address.
        return [*super().get_urlpatterns(), path("verify/<int:pk>/", officials.verify, name="verify")]


class JoinRequestIndexView(generic.IndexView):
    """Only the requests that no owner can decide."""

    def get_base_queryset(self):
        return Membership.objects.for_officials().select_related("user", "organisation")


class JoinRequestViewSet(ModelViewSet):
    model = Membership
    icon = "user"
    menu_label = _("加入申请")
    menu_order = 210
    add_to_admin_menu = True
    index_view_class = JoinRequestIndexView
    copy_view_enabled = False
    exclude_form_fields = []
    list_display = ["user", "organisation", "message", DateColumn("created_at", label=_("申请时间"))]
    list_per_page = 50

    def get_index_view_kwargs(self, **kwargs):
        return super().get_index_view_kwargs(
            **{
                "page_title": _("待主管部门处理的加入申请"),
                "add_url_name": None,
                "delete_url_name": None,
                **kwargs,
            }
        )

    def get_urlpatterns(self):
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("<int:pk>/", officials.decide_request, name="edit"),
        ]


class ApiTokenViewSet(ModelViewSet):
    model = ApiToken
    icon = "key"
    menu_label = _("接口令牌")
    menu_order = 220
    add_to_admin_menu = True
    copy_view_enabled = False
    exclude_form_fields = []
    list_display = [
        "name",
        Column("get_purpose_display", label=_("用途")),
        DateColumn("expires_at", label=_("失效时间")),
        DateColumn("last_used_at", label=_("最近使用")),
        DateColumn("revoked_at", label=_("停用时间")),
    ]

    def get_index_view_kwargs(self, **kwargs):
        return super().get_index_view_kwargs(**{"delete_url_name": None, **kwargs})

    def get_urlpatterns(self):
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("new/", officials.token_add, name="add"),
            path("<int:pk>/", officials.token_detail, name="edit"),
        ]

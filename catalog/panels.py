"""How the edit pages of both libraries are laid out in the Wagtail admin."""

from django.forms import CheckboxSelectMultiple
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    TabbedInterface,
)

from catalog.forms.officials import TechnologyAdminForm


def group(heading, *fields):
    return MultiFieldPanel([panel(field) for field in fields], heading=heading)


def panel(field):
    """Return a panel for a field's name, a row for a tuple of names, and panels as they are."""
    if isinstance(field, tuple):
        return FieldRowPanel([FieldPanel(name) for name in field])
    return FieldPanel(field) if isinstance(field, str) else field


def boxes(field):
    return FieldPanel(field, widget=CheckboxSelectMultiple)


technology_edit_handler = TabbedInterface(
    [
        ObjectList(
            [
                group(
                    _("名称与来源"),
                    "title",
                    "summary",
                    "organisation",
                    "owner_name",
                    ("origin", "evidence_level"),
                ),
                group(
                    _("目录"),
                    "source_catalogue",
                    ("source_edition", "source_item"),
                    ("valid_until", "is_sample"),
                ),
            ],
            heading=_("基本信息"),
        ),
        ObjectList(
            [
                group(_("原理"), "principle", "process", "indicators"),
                group(
                    _("应用领域"),
                    boxes("systems"),
                    boxes("carriers"),
                    "applies_to_all_industries",
                    "industries",
                ),
                group(_("适用条件"), "scope", "not_suitable", "conditions_note"),
                InlinePanel(
                    "conditions",
                    [
                        FieldPanel("quantity"),
                        FieldRowPanel([FieldPanel("minimum"), FieldPanel("maximum")]),
                        FieldPanel("is_hard"),
                        FieldPanel("note"),
                    ],
                    heading=_("可量化的条件"),
                    label=_("条件"),
                ),
            ],
            heading=_("原理与适用"),
        ),
        ObjectList(
            [
                group(
                    _("节能"),
                    ("saving_rate_min", "saving_rate_max"),
                    ("annual_saving_min_tce", "annual_saving_max_tce"),
                    "saving_basis",
                    "co2_reduction_t",
                ),
                group(
                    _("投资"),
                    ("investment_min_cny", "investment_max_cny"),
                    ("unit_investment_min_cny", "unit_investment_max_cny", "investment_unit"),
                    ("payback_min_years", "payback_max_years"),
                ),
                group(_("推广与成熟度"), ("penetration_now", "penetration_in_5_years"), "trl"),
            ],
            heading=_("节能与投资"),
        ),
        ObjectList(
            [
                InlinePanel(
                    "cases",
                    [
                        FieldPanel("site"),
                        FieldRowPanel([FieldPanel("industry"), FieldPanel("year")]),
                        FieldPanel("scale"),
                        FieldRowPanel(
                            [
                                FieldPanel("investment_cny"),
                                FieldPanel("annual_saving_tce"),
                                FieldPanel("payback_years"),
                            ]
                        ),
                        FieldPanel("verified_by"),
                        FieldPanel("description"),
                    ],
                    heading=_("应用案例"),
                    label=_("案例"),
                ),
                InlinePanel(
                    "documents", [FieldPanel("title"), FieldPanel("file")], heading=_("附件"), label=_("附件")
                ),
            ],
            heading=_("案例与附件"),
        ),
        ObjectList(
            [
                group(_("合作"), "cooperation_modes", "intellectual_property"),
                group(_("联系人"), "contact_name", ("contact_phone", "contact_email")),
            ],
            heading=_("合作与联系"),
        ),
    ],
    base_form_class=TechnologyAdminForm,
)

demand_edit_handler = TabbedInterface(
    [
        ObjectList(
            [
                group(
                    _("需求"),
                    "title",
                    "organisation",
                    "problem",
                    boxes("systems"),
                    "process",
                    boxes("carriers"),
                ),
                group(_("来源"), "source", ("source_file", "source_page"), ("deadline", "is_sample")),
            ],
            heading=_("基本信息"),
        ),
        ObjectList(
            [
                InlinePanel(
                    "energy_uses",
                    [
                        FieldPanel("carrier"),
                        FieldRowPanel([FieldPanel("annual_amount"), FieldPanel("unit_price_cny")]),
                    ],
                    heading=_("年用能"),
                    label=_("能源品种"),
                ),
                InlinePanel(
                    "quantities",
                    [FieldPanel("quantity"), FieldRowPanel([FieldPanel("minimum"), FieldPanel("maximum")])],
                    heading=_("工况参数"),
                    label=_("参数"),
                ),
                group(_("年用能与目标"), ("annual_use_tce", "annual_cost_cny"), "target_saving_tce"),
            ],
            heading=_("工况与用能"),
        ),
        ObjectList(
            [
                group(
                    _("限制"),
                    ("budget_cny", "max_payback_years"),
                    "shutdown_window",
                    "space_limit",
                    "tried_before",
                    "wants_finance",
                ),
                group(_("联系人"), ("contact_name", "contact_phone")),
            ],
            heading=_("限制与联系"),
        ),
    ]
)

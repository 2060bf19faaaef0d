"""The demand library (节能技术需求库)."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.search import index

from accounts.models import Organisation
from accounts.roles import is_official
from catalog.enums import DemandOutcome, DemandSource, Quantity, Visibility
from catalog.models.listings import Listing
from catalog.models.taxonomies import EnergyCarrier, EnergySystem
from catalog.models.technologies import energy, money, ordered, years

# Fields whose visibility the enterprise chooses, with what holds when it does not choose.
FIELD_VISIBILITY = {
    "organisation": Visibility.OFFICIALS,
    "area": Visibility.PUBLIC,
    "industry": Visibility.PUBLIC,
    "problem": Visibility.PUBLIC,
    "process": Visibility.MATCHED,
    "quantities": Visibility.MATCHED,
    "energy_uses": Visibility.MATCHED,
    "annual_use_tce": Visibility.MATCHED,
    "annual_cost_cny": Visibility.OFFICIALS,
    "target_saving_tce": Visibility.MATCHED,
    "budget_cny": Visibility.OFFICIALS,
    "max_payback_years": Visibility.MATCHED,
    "shutdown_window": Visibility.MATCHED,
    "space_limit": Visibility.MATCHED,
    "tried_before": Visibility.OFFICIALS,
    "wants_finance": Visibility.MATCHED,
    "source_file": Visibility.OFFICIALS,
    "contact": Visibility.OFFICIALS,
}


class DemandQuerySet(models.QuerySet):
    def public(self):
        """Live and not past the deadline."""
        return self.filter(Q(deadline=None) | Q(deadline__gte=timezone.localdate()), live=True)

    def editable_by(self, user):
        """Demands of the organisations for which the user acts."""
        return self.filter(organisation__in=Organisation.objects.of_member(user))

    def visible_to(self, user):
        """Public demands, and those that the user's organisations or duties open; fields are masked later."""
        if user.is_authenticated and is_official(user):
            return self
        return self.public() | self.editable_by(user)

    def with_details(self):
        """Load what a page shows of a demand in a fixed number of queries."""
        return self.select_related(
            "organisation__industry", "organisation__area", "contact"
        ).prefetch_related("systems", "carriers", "quantities", "energy_uses__carrier")


class Demand(Listing):
    """A need of an energy-using organisation; what others see of it is chosen field by field."""

    title = models.CharField(_("需求名称"), max_length=200)
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="demands",
        verbose_name=_("用能单位"),
    )
    organisation_name = models.CharField(
        _("未建档的用能单位"),
        max_length=100,
        blank=True,
        help_text=_("官方导入时没有信用代码的单位名称，仅主管部门可见"),
    )
    problem = models.TextField(_("现状与问题"), blank=True)
    systems = ParentalManyToManyField(
        EnergySystem, blank=True, related_name="demands", verbose_name=_("用能系统")
    )
    process = models.CharField(_("工艺或设备"), max_length=200, blank=True)
    carriers = ParentalManyToManyField(
        EnergyCarrier, blank=True, related_name="demands", verbose_name=_("能源品种")
    )
    annual_use_tce = energy(_("相关系统年用能量（tce/a）"))
    annual_cost_cny = money(_("相关系统年用能费用（元）"))
    target_saving_tce = energy(_("期望年节能量（tce/a）"))
    budget_cny = money(_("预算（元）"))
    max_payback_years = years(_("可接受的最长回收期（年）"))
    shutdown_window = models.CharField(_("可停机时间"), max_length=200, blank=True)
    space_limit = models.CharField(_("场地限制"), max_length=200, blank=True)
    tried_before = models.TextField(_("已尝试的措施"), blank=True)
    wants_finance = models.BooleanField(_("希望对接融资"), default=False)
    source = models.CharField(_("来源"), max_length=12, choices=DemandSource, default=DemandSource.OWN)
    source_file = models.CharField(_("来源文件"), max_length=200, blank=True)
    source_page = models.CharField(_("页码"), max_length=20, blank=True)
    source_item = models.CharField(_("来源编号"), max_length=50, blank=True)
    visibility = models.JSONField(_("字段可见范围"), default=dict, blank=True)
    contact = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("联系人账号"),
    )
    contact_name = models.CharField(_("联系人"), max_length=50, blank=True)
    contact_phone = models.CharField(_("联系电话"), max_length=30, blank=True)
    deadline = models.DateField(_("截止日期"), null=True, blank=True)
    outcome = models.CharField(_("关闭原因"), max_length=20, choices=DemandOutcome, blank=True)
    outcome_note = models.CharField(_("关闭说明"), max_length=500, blank=True)
    closed_at = models.DateTimeField(_("关闭时间"), null=True, blank=True)

    objects = DemandQuerySet.as_manager()

    # Only fields that every visitor may see by default stand in Wagtail's own index.
    search_fields = [
        index.SearchField("title", boost=5),
        index.AutocompleteField("title"),
        index.FilterField("live"),
        index.FilterField("source"),
    ]

    class Meta:
        ordering = ["-updated_at", "-pk"]
        verbose_name = _("需求")
        verbose_name_plural = _("技术需求库")

    def with_content_json(self, content):
        """Keep what belongs to the row and not to a revision of its text: whether it is closed."""
        version = super().with_content_json(content)
        version.outcome, version.outcome_note, version.closed_at = (
            self.outcome,
            self.outcome_note,
            self.closed_at,
        )
        return version

    @property
    def is_closed(self):
        return self.closed_at is not None

    @property
    def has_ended(self):
        """Whether the deadline took a live demand out of the public view."""
        return self.live and self.deadline is not None and self.deadline < timezone.localdate()

    @property
    def can_be_withdrawn(self):
        return self.live or self.current_workflow_state is not None

    def visibility_of(self, field):
        """Return the Visibility of a field named in FIELD_VISIBILITY."""
        chosen = self.visibility.get(field)
        return Visibility(chosen) if chosen in Visibility.values else FIELD_VISIBILITY[field]


class DemandEnergyUse(models.Model):
    """How much of one carrier the system uses in a year, in the carrier's unit."""

    demand = ParentalKey(Demand, on_delete=models.CASCADE, related_name="energy_uses", verbose_name=_("需求"))
    carrier = models.ForeignKey(EnergyCarrier, models.PROTECT, related_name="+", verbose_name=_("能源品种"))
    annual_amount = models.DecimalField(
        _("年用量"), max_digits=16, decimal_places=3, validators=[MinValueValidator(0)]
    )
    unit_price_cny = models.DecimalField(
        _("单价（元/单位）"),
        max_digits=12,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("年用能")
        verbose_name_plural = _("年用能")

    def __str__(self):
        return f"{self.carrier} {self.annual_amount}"


class DemandQuantity(models.Model):
    """What is available or wanted, as a range; a single value has both ends equal."""

    demand = ParentalKey(Demand, on_delete=models.CASCADE, related_name="quantities", verbose_name=_("需求"))
    quantity = models.CharField(_("参数"), max_length=40, choices=Quantity)
    minimum = models.DecimalField(_("最小值"), max_digits=14, decimal_places=3, null=True, blank=True)
    maximum = models.DecimalField(_("最大值"), max_digits=14, decimal_places=3, null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            ordered("minimum", "maximum", "demand_quantity_ordered"),
            models.CheckConstraint(
                condition=Q(minimum__isnull=False) | Q(maximum__isnull=False),
                name="demand_quantity_has_an_end",
                violation_error_message=_("请至少填写最小值或最大值。"),
            ),
        ]
        verbose_name = _("工况参数")
        verbose_name_plural = _("工况参数")

    def __str__(self):
        return self.get_quantity_display()

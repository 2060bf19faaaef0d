"""The technology library (节能技术储备库)."""

from datetime import timedelta
from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.search import index

from accounts.models import Industry, Organisation
from accounts.roles import is_official
from accounts.storage import private_storage
from accounts.uploads import validate_upload
from catalog.enums import CooperationMode, EvidenceLevel, Origin, Quantity
from catalog.models.listings import Listing
from catalog.models.taxonomies import EnergyCarrier, EnergySystem

CONFIRMATION_PERIOD = timedelta(days=365)
REMINDER_PERIOD = timedelta(days=30)
UNCOMMON_BELOW = Decimal("0.10")
TRL_MEANINGS = (
    (9, _("已成熟应用")),
    (8, _("已定型，完成首批应用")),
    (7, _("已完成工程示范")),
    (6, _("已完成中试")),
    (4, _("处于试制验证阶段")),
    (1, _("处于研究阶段")),
)


def money(label, **options):
    return models.DecimalField(
        label,
        max_digits=16,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        **options,
    )


def energy(label, **options):
    return models.DecimalField(
        label,
        max_digits=14,
        decimal_places=3,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        **options,
    )


def share(label, **options):
    return models.DecimalField(
        label,
        max_digits=5,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        **options,
    )


def years(label, **options):
    return models.DecimalField(
        label,
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        **options,
    )


def ordered(low, high, name):
    """Return a constraint that keeps a range from being upside down."""
    return models.CheckConstraint(
        condition=Q(**{f"{low}__isnull": True})
        | Q(**{f"{high}__isnull": True})
        | Q(**{f"{low}__lte": F(high)}),
        name=name,
        violation_error_message=_("下限不能大于上限。"),
    )


# Figures that are kept as two fields and typed and shown as one: lower end, upper end, kind, label.
RANGES = {
    "saving_rate": ("saving_rate_min", "saving_rate_max", "share", _("节能率")),
    "annual_saving": ("annual_saving_min_tce", "annual_saving_max_tce", "energy", _("典型项目年节能量")),
    "investment": ("investment_min_cny", "investment_max_cny", "money", _("典型项目投资")),
    "unit_investment": ("unit_investment_min_cny", "unit_investment_max_cny", "money", _("单位投资")),
    "payback": ("payback_min_years", "payback_max_years", "years", _("投资回收期")),
}


class TechnologyQuerySet(models.QuerySet):
    def public(self):
        """Live, not merged away, still valid and confirmed by someone within 12 months."""
        today = timezone.localdate()
        return self.filter(
            Q(valid_until=None) | Q(valid_until__gte=today),
            live=True,
            merged_into=None,
            confirmed_at__gt=timezone.now() - CONFIRMATION_PERIOD,
        )

    def editable_by(self, user):
        """Listings of the organisations for which the user acts."""
        return self.filter(organisation__in=Organisation.objects.of_member(user))

    def visible_to(self, user):
        """Public listings, those merged into another, one's own drafts, and everything for officials."""
        if user.is_authenticated and is_official(user):
            return self
        return self.public() | self.filter(merged_into__isnull=False) | self.editable_by(user)

    def related_to(self, technology):
        """Others for the same energy systems, those with most of them in common first."""
        return (
            self.filter(systems__in=technology.systems.all())
            .exclude(pk=technology.pk)
            .annotate(common_systems=Count("systems", distinct=True))
            .order_by("-common_systems", "-updated_at", "-pk")
        )


class Technology(Listing):
    """One technology; shares are 0 to 1, money is yuan, energy is tce a year."""

    title = models.CharField(_("技术名称"), max_length=200)
    summary = models.CharField(_("一句话效果"), max_length=300, blank=True)
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="technologies",
        verbose_name=_("技术供方"),
    )
    owner_name = models.CharField(_("技术拥有单位"), max_length=200, blank=True)
    origin = models.CharField(_("条目类型"), max_length=10, choices=Origin, default=Origin.SUPPLIER)
    principle = models.TextField(_("技术原理"), blank=True)
    process = models.TextField(_("关键工艺"), blank=True)
    scope = models.TextField(_("适用范围"), blank=True)
    not_suitable = models.TextField(_("不适用情形"), blank=True)
    conditions_note = models.TextField(_("应用条件说明"), blank=True)
    industries = ParentalManyToManyField(
        Industry, blank=True, related_name="technologies", verbose_name=_("适用行业")
    )
    applies_to_all_industries = models.BooleanField(_("各行业通用"), default=False)
    systems = ParentalManyToManyField(
        EnergySystem, blank=True, related_name="technologies", verbose_name=_("用能系统")
    )
    carriers = ParentalManyToManyField(
        EnergyCarrier, blank=True, related_name="technologies", verbose_name=_("节约的能源品种")
    )
    indicators = models.TextField(_("主要技术指标"), blank=True)
    unit_investment_min_cny = money(_("单位投资下限（元）"))
    unit_investment_max_cny = money(_("单位投资上限（元）"))
    investment_unit = models.CharField(_("单位投资的计量单位"), max_length=30, blank=True)
    investment_min_cny = money(_("典型项目投资下限（元）"))
    investment_max_cny = money(_("典型项目投资上限（元）"))
    saving_rate_min = share(_("节能率下限"), help_text=_("占所改造用能系统年用能量的比例，0 至 1"))
    saving_rate_max = share(_("节能率上限"))
    annual_saving_min_tce = energy(_("典型项目年节能量下限（tce/a）"))
    annual_saving_max_tce = energy(_("典型项目年节能量上限（tce/a）"))
    saving_basis = models.TextField(_("节能量计算依据"), blank=True)
    payback_min_years = years(_("投资回收期下限（年）"))
    payback_max_years = years(_("投资回收期上限（年）"))
    penetration_now = share(_("目前推广比例"))
    penetration_in_5_years = share(_("预计 5 年后推广比例"))
    co2_reduction_t = energy(_("年减排二氧化碳（t）"))
    trl = models.PositiveSmallIntegerField(
        _("技术成熟度（TRL 1–9）"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(9)],
    )
    intellectual_property = models.TextField(_("知识产权"), blank=True)
    cooperation_modes = models.JSONField(_("合作方式"), default=list, blank=True)
    evidence_level = models.CharField(
        _("证据等级"), max_length=20, choices=EvidenceLevel, default=EvidenceLevel.SELF_DECLARED
    )
    source_catalogue = models.CharField(_("来源目录"), max_length=200, blank=True)
    source_edition = models.CharField(_("目录版本"), max_length=50, blank=True)
    source_item = models.CharField(_("目录序号"), max_length=50, blank=True)
    valid_until = models.DateField(_("有效期至"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("最近确认"), default=timezone.now)
    contact_name = models.CharField(_("联系人"), max_length=50, blank=True)
    contact_phone = models.CharField(_("联系电话"), max_length=30, blank=True)
    contact_email = models.EmailField(_("联系邮箱"), blank=True)
    merged_into = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="merged", verbose_name=_("已并入")
    )
    reference_key = models.CharField(max_length=80, unique=True, null=True, blank=True, editable=False)

    objects = TechnologyQuerySet.as_manager()

    search_fields = [
        index.SearchField("title", boost=5),
        index.AutocompleteField("title"),
        index.SearchField("summary", boost=2),
        index.SearchField("principle"),
        index.SearchField("scope"),
        index.FilterField("live"),
        index.FilterField("origin"),
        index.FilterField("evidence_level"),
    ]

    class Meta:
        ordering = ["-updated_at", "-pk"]
        verbose_name = _("技术")
        verbose_name_plural = _("技术储备库")
        constraints = [
            ordered("unit_investment_min_cny", "unit_investment_max_cny", "unit_investment_ordered"),
            ordered("investment_min_cny", "investment_max_cny", "investment_ordered"),
            ordered("saving_rate_min", "saving_rate_max", "saving_rate_ordered"),
            ordered("annual_saving_min_tce", "annual_saving_max_tce", "annual_saving_ordered"),
            ordered("payback_min_years", "payback_max_years", "payback_ordered"),
        ]

    def with_content_json(self, content):
        """Keep what belongs to the row and not to a revision of its text: its confirmation and its merger."""
        version = super().with_content_json(content)
        version.confirmed_at = max(self.confirmed_at, version.confirmed_at)
        version.merged_into_id = self.merged_into_id
        return version

    @property
    def leaves_public_view_at(self):
        """Return when a live listing disappears unless somebody confirms it or extends its validity."""
        return self.confirmed_at + CONFIRMATION_PERIOD

    @property
    def needs_confirmation(self):
        """Whether a live listing leaves the public view within 30 days or has left it for want of confirmation."""
        return self.live and self.leaves_public_view_at - timezone.now() < REMINDER_PERIOD

    @property
    def is_overdue(self):
        """Whether a live listing has left the public view because nobody confirmed it."""
        return self.live and self.leaves_public_view_at <= timezone.now()

    @property
    def is_public(self):
        return type(self).objects.public().filter(pk=self.pk).exists()

    @property
    def is_uncommon(self):
        """Whether it is known to be far from common on the market."""
        return self.penetration_now is not None and self.penetration_now < UNCOMMON_BELOW

    @property
    def trl_meaning(self):
        """Say what the technology readiness level means, or an empty string where it is unknown."""
        return next((meaning for lowest, meaning in TRL_MEANINGS if self.trl and self.trl >= lowest), "")

    @property
    def owner_label(self):
        """Return who offers it, for display; empty for reference entries."""
        return self.organisation.name if self.organisation else self.owner_name

    @property
    def cooperation_labels(self):
        return [
            CooperationMode(mode).label for mode in self.cooperation_modes if mode in CooperationMode.values
        ]


class TechnologyCase(models.Model):
    """Where the technology runs."""

    technology = ParentalKey(
        Technology, on_delete=models.CASCADE, related_name="cases", verbose_name=_("技术")
    )
    site = models.CharField(_("应用单位"), max_length=200)
    industry = models.ForeignKey(
        Industry, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("行业")
    )
    year = models.PositiveSmallIntegerField(
        _("投运年份"), null=True, blank=True, validators=[MinValueValidator(1980), MaxValueValidator(2100)]
    )
    scale = models.CharField(_("规模"), max_length=200, blank=True)
    investment_cny = money(_("投资（元）"))
    annual_saving_tce = energy(_("年节能量（tce/a）"))
    payback_years = years(_("投资回收期（年）"))
    verified_by = models.CharField(_("核验方"), max_length=200, blank=True)
    description = models.TextField(_("说明"), blank=True)

    class Meta:
        ordering = ["-year", "pk"]
        verbose_name = _("案例")
        verbose_name_plural = _("案例")

    def __str__(self):
        return self.site


class TechnologyCondition(models.Model):
    """A measurable condition; an open end is unlimited, a hard one excludes."""

    technology = ParentalKey(
        Technology, on_delete=models.CASCADE, related_name="conditions", verbose_name=_("技术")
    )
    quantity = models.CharField(_("条件"), max_length=40, choices=Quantity)
    minimum = models.DecimalField(_("下限"), max_digits=14, decimal_places=3, null=True, blank=True)
    maximum = models.DecimalField(_("上限"), max_digits=14, decimal_places=3, null=True, blank=True)
    is_hard = models.BooleanField(_("必须满足"), default=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            ordered("minimum", "maximum", "technology_condition_ordered"),
            models.CheckConstraint(
                condition=Q(minimum__isnull=False) | Q(maximum__isnull=False),
                name="technology_condition_has_an_end",
                violation_error_message=_("请至少填写下限或上限。"),
            ),
        ]
        verbose_name = _("应用条件")
        verbose_name_plural = _("应用条件")

    def __str__(self):
        return self.get_quantity_display()


def validate_new_document(file):
    """Check a file that was just uploaded by its content; one that is stored already was checked before."""
    if not getattr(file, "_committed", True):
        validate_upload(file.file)


class TechnologyDocument(models.Model):
    """A file that supports the listing."""

    technology = ParentalKey(
        Technology, on_delete=models.CASCADE, related_name="documents", verbose_name=_("技术")
    )
    title = models.CharField(_("文件名称"), max_length=100)
    file = models.FileField(
        _("文件"),
        upload_to="technologies/%Y/%m/",
        storage=private_storage,
        validators=[validate_new_document],
    )
    uploaded_at = models.DateTimeField(_("上传时间"), default=timezone.now, editable=False)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("附件")
        verbose_name_plural = _("附件")

    def __str__(self):
        return self.title

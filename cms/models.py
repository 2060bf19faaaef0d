"""Pages that officials write."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page
from wagtail.search import index
from wagtail.snippets.blocks import SnippetChooserBlock

from catalog.models import Technology
from cms.blocks import PathBlock
from cms.front import front_page

TEXT_FEATURES = ["h2", "h3", "bold", "ol", "ul", "link", "document-link", "image", "hr", "blockquote"]


class HomePage(Page):
    """The first page: what this is, figures of the libraries, what is new, and where to begin."""

    hero_title = models.CharField(_("主标题"), max_length=40)
    hero_text = models.TextField(_("导语"), max_length=200, blank=True)
    search_words = models.CharField(
        _("常用搜索词"), max_length=200, blank=True, help_text=_("以空格分开，显示在搜索框下方")
    )
    introduction = RichTextField(_("平台说明"), features=["bold", "link", "ul"], blank=True)
    paths = StreamField([("path", PathBlock())], blank=True, max_num=6, verbose_name=_("各类用户的入口"))
    featured = StreamField(
        [("technology", SnippetChooserBlock("catalog.Technology", label=_("技术")))],
        blank=True,
        max_num=6,
        verbose_name=_("重点推荐的技术"),
    )

    content_panels = [
        *Page.content_panels,
        MultiFieldPanel(
            [FieldPanel("hero_title"), FieldPanel("hero_text"), FieldPanel("search_words")],
            heading=_("页首"),
        ),
        FieldPanel("introduction"),
        FieldPanel("paths"),
        FieldPanel("featured"),
    ]
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["cms.StandardPage"]
    max_count = 1

    class Meta:
        verbose_name = _("首页")

    def get_context(self, request, *args, **kwargs):
        """Add live figures, new listings and the featured technologies that are still public."""
        chosen = [block.value.pk for block in self.featured if block.value is not None]
        featured = Technology.objects.public().in_bulk(chosen)
        return {
            **super().get_context(request, *args, **kwargs),
            **front_page(request.user),
            "featured": [featured[pk] for pk in chosen if pk in featured],
            "news": StandardPage.objects.live()
            .filter(depth__gt=self.depth + 1)
            .order_by("-published_on")[:4],
            "words": self.search_words.split(),
        }


class StandardPage(Page):
    """A policy, a piece of news or an explanation; with sub-pages it lists them."""

    summary = models.CharField(_("摘要"), max_length=200, blank=True)
    published_on = models.DateField(_("发布日期"), default=timezone.localdate)
    source_name = models.CharField(_("来源"), max_length=100, blank=True)
    body = RichTextField(_("正文"), features=TEXT_FEATURES, blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        MultiFieldPanel([FieldPanel("published_on"), FieldPanel("source_name")], heading=_("发布信息")),
        FieldPanel("body"),
    ]
    search_fields = [*Page.search_fields, index.SearchField("summary"), index.SearchField("body")]
    parent_page_types = ["cms.HomePage", "cms.StandardPage"]
    subpage_types = ["cms.StandardPage"]

    class Meta:
        verbose_name = _("普通页面")

    def get_context(self, request, *args, **kwargs):
        """Add the published sub-pages, the latest first, and the pages above this one."""
        return {
            **super().get_context(request, *args, **kwargs),
            "children": StandardPage.objects.child_of(self).live().order_by("-published_on", "path"),
            "above": self.get_ancestors().type(StandardPage),
        }

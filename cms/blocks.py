"""Blocks that editors build the home page from."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

ICONS = [
    ("factory", _("工厂")),
    ("gear", _("齿轮")),
    ("bank", _("银行")),
    ("shield", _("盾牌")),
    ("people", _("人员")),
    ("file", _("文件")),
]


class PathBlock(blocks.StructBlock):
    """Where one kind of user should begin."""

    icon = blocks.ChoiceBlock(choices=ICONS, label=_("图标"))
    title = blocks.CharBlock(max_length=20, label=_("用户类型"))
    text = blocks.TextBlock(max_length=120, label=_("说明"))
    label = blocks.CharBlock(max_length=12, label=_("按钮文字"))
    link = blocks.RegexBlock(
        regex=r"^/[^/]|^/$",
        max_length=200,
        label=_("站内地址"),
        error_messages={"invalid": _("请填写以“/”开头的站内地址，例如 /demands/。")},
    )

    class Meta:
        icon = "user"
        label = _("入口")

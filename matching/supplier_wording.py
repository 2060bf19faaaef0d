"""Say why a need stands where it does in the list of a supplier, as far as that follows from its own words."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from matching.engine.feedback import Effect
from matching.figures import quantity_name


def order_lines(effects: Iterable[Effect]) -> list[str]:
    """Return one sentence for each effect of a word on another need; the own word stands on the card already."""
    return [
        WRITERS[effect.code](effect.params)
        for effect in effects
        if effect.code in WRITERS and "need" in effect.params
    ]


def interested(params):
    return _("您对相似的需求“%(need)s”有意向，因此提前") % params


def conditions(params):
    if not params.get("quantities"):
        return _("您曾因工况条件不符谢绝相似的需求“%(need)s”，因此靠后") % params
    return _("您曾因工况条件不符谢绝“%(need)s”，该需求的%(names)s情况相同，因此靠后") % {
        "need": params["need"],
        "names": "、".join(quantity_name(each) for each in params["quantities"]),
    }


def capacity(params):
    return _("您曾因暂无能力承接谢绝“%(need)s”，该需求规模相当或更大，因此靠后") % params


def unclear(params):
    return _("您曾因信息不足谢绝“%(need)s”，该需求公开的信息不比它多，因此靠后") % params


def other(params):
    return _("与您谢绝的“%(need)s”几乎相同，因此靠后") % params


WRITERS = {writer.__name__: writer for writer in (interested, conditions, capacity, unclear, other)}

"""Put what follows from an enterprise's own words into sentences."""

from django.utils.translation import gettext as _

from matching.enums import RefusalReason
from matching.figures import money, quantity_name, span


def refused(reason, params, names):
    return _("您已谢绝该技术：%(reason)s") % {"reason": RefusalReason(params["reason"]).label}


def interested(reason, params, names):
    if params.get("is_same"):
        return _("您对该技术感兴趣")
    return _("您对同类技术“%(technology)s”感兴趣") % params


def cost(reason, params, names):
    if not has_bound(params):
        return _("您曾因投资太高谢绝“%(technology)s”") % params
    values = {**params, "offered": money(params["offered"])}
    if params.get("is_alike"):
        return _("您曾因投资太高谢绝同类技术“%(technology)s”（%(offered)s），该技术投资相当或更高") % values
    return _("您曾因投资太高谢绝“%(technology)s”（%(offered)s），该技术投资相当或更高") % values


def payback(reason, params, names):
    values = {**params, "offered": span(params["offered"])}
    return _("您曾因回收期太长谢绝“%(technology)s”（%(offered)s 年），该技术回收期相当或更长") % values


def conditions(reason, params, names):
    listed = _("、").join(quantity_name(each) for each in params["quantities"])
    return _("您曾因工况条件不符谢绝“%(technology)s”，该技术对%(quantities)s有同样要求") % {
        "technology": params["technology"],
        "quantities": listed,
    }


def in_use(reason, params, names):
    return _("您已在用同类技术“%(technology)s”") % params


def tried(reason, params, names):
    return _("您试过同类技术“%(technology)s”，效果不好") % params


def evidence(reason, params, names):
    return _("您曾因依据不足谢绝“%(technology)s”，该技术的证据等级与其相同或更低") % params


def other(reason, params, names):
    return _("与您谢绝的“%(technology)s”几乎相同") % params


def has_bound(params):
    """Tell whether a range has at least one bound."""
    return any(bound is not None for bound in params["offered"])


FEEDBACK_WRITERS = {
    f"feedback_{writer.__name__}": writer
    for writer in (refused, interested, cost, payback, conditions, in_use, tried, evidence, other)
}

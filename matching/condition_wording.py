"""Put what follows from the conditions of a technology into sentences."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matching.figures import figure, quantity_name, quantity_span

TEXT_FIELDS = {
    "title": gettext_lazy("需求名称"),
    "problem": gettext_lazy("问题描述"),
    "process": gettext_lazy("工艺或设备"),
}


def condition(reason, params, names):
    sentence = condition_itself(reason, params)
    if "needed_text" in params:
        sentence = _("%(sentence)s（范围从技术说明读出：%(text)s）") % {
            "sentence": sentence,
            "text": params["needed_text"],
        }
    if "given_quantity" in params:
        sentence = _("%(sentence)s（需求未说明，按%(name)s比较）") % {
            "sentence": sentence,
            "name": quantity_name(params["given_quantity"]),
        }
    if "given_text" not in params:
        return sentence
    read = {
        "sentence": sentence,
        "field": TEXT_FIELDS.get(params["given_field"], params["given_field"]),
        "text": params["given_text"],
    }
    if params["is_sure"]:
        return _("%(sentence)s（从%(field)s读出：%(text)s）") % read
    return _("%(sentence)s（从%(field)s读出：%(text)s，请核对）") % read


def medium(reason, params, names):
    return _("需求给出的是%(stated)s，该技术必须有%(name)s %(needed)s，处理对象可能不同") % {
        "stated": quantity_name(params["stated"]),
        "name": quantity_name(params["quantity"]),
        "needed": quantity_span(params["quantity"], params["needed"]),
    }


def wanted_only(reason, params, names):
    return _("需求要的是%(stated)s，没有说明现有蒸汽；该技术必须有%(name)s %(needed)s") % {
        "stated": quantity_name(params["stated"]),
        "name": quantity_name(params["quantity"]),
        "needed": quantity_span(params["quantity"], params["needed"]),
    }


def unused_source(reason, params, names):
    return _("需求有 %(given)s 的热源可用，该技术没有说明利用热源，需确认") % {
        "given": quantity_span("heat_source_temperature_c", params["given"])
    }


def condition_itself(reason, params):
    values = {
        "name": quantity_name(params["quantity"]),
        "needed": quantity_span(params["quantity"], params["needed"]),
    }
    if "given" not in params:
        return _("需求未填写%(name)s，该技术的适用范围为 %(needed)s，需确认") % values
    values["given"] = quantity_span(params["quantity"], params["given"])
    if reason["is_hard"]:
        return _("%(name)s %(given)s 不在必须满足的范围 %(needed)s 内") % values
    if params["share"] == 0:
        return _("%(name)s %(given)s 不在适用范围 %(needed)s 内") % values
    if params["share"] < 1:
        values["share"] = figure(params["share"] * 100)
        return _("%(name)s %(given)s 中约 %(share)s%% 在适用范围 %(needed)s 内") % values
    return _("%(name)s %(given)s 在适用范围 %(needed)s 内") % values


CONDITION_WRITERS = {
    "condition": condition,
    "medium": medium,
    "wanted_only": wanted_only,
    "unused_source": unused_source,
}

"""Say what moved an entry on a list without changing its score."""

from django.utils.translation import gettext as _


def view(reason, params, names):
    if params["after"] < params["before"]:
        sentences = {
            "specificity": _("该需求在其技术的各项需求中较突出"),
            "willingness": _("供方承接推荐需求较积极"),
        }
        chosen = [sentences[name] for name in params["high"] if name in sentences]
        text = _("兼顾供方角度，由第 %(before)d 位提前到第 %(after)d 位，得分不变")
    else:
        sentences = {
            "specificity": _("该需求在其技术的各项需求中不突出"),
            "willingness": _("供方近期承接较少"),
            "size": _("预算低于其愿意承接的项目"),
            "region": _("不在供方说明的服务区域"),
        }
        chosen = [sentences[name] for name in params["low"] if name in sentences]
        text = _("兼顾供方角度，由第 %(before)d 位移到第 %(after)d 位，得分不变")
    return with_why(text % params, chosen)


def cap(reason, params, names):
    return (
        _("该供方的展示已较多，得分相近时让其他供方在前：由第 %(before)d 位移到第 %(after)d 位，得分不变")
        % params
    )


def new(reason, params, names):
    text = _("新上架（%(days)d 天内），得分与前列相近，使用每份清单的一个新技术展示名额")
    if params["before"] != params["after"]:
        text = _(
            "新上架（%(days)d 天内），得分与前列相近，使用每份清单的一个新技术展示名额：由第 %(before)d 位提前到第 %(after)d 位"
        )
    return text % params


def with_why(text: str, parts: list[str]) -> str:
    return _("%(text)s（%(why)s）") % {"text": text, "why": _("；").join(parts)} if parts else text


ORDER_WRITERS = {"order_view": view, "order_cap": cap, "order_new": new}

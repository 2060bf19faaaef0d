"""What a score means, for the pages that show one."""

from django import template
from django.utils.translation import gettext as _

from matching.engine.model import shipped_model
from matching.rounding import points

register = template.Library()
NAMED_SCORES = (0.35, 0.5, 0.75)


@register.inclusion_tag("matching/score_meaning.html")
def score_meaning(is_open=False):
    """Say what the score is made of and how often judges called pairs of such a score related.

    The shares are those of the model that comes with the program: what is learned from feedback has no judged pairs.
    """
    chances = shipped_model().chance_of_related(NAMED_SCORES)
    shares = _("、").join(
        _("%(points)d 分约 %(share)d%%") % {"points": points(score), "share": points(float(chance))}
        for score, chance in zip(NAMED_SCORES, chances, strict=True)
    )
    return {"shares": shares, "is_open": is_open}

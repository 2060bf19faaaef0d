"""Reviewers' work: what waits, and decisions on one or many submissions through Wagtail's workflow."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import TaskState

from catalog.errors import ListingError
from catalog.models import Demand, EnergySystem, Technology
from catalog.models.listings import Listing

logger = logging.getLogger(__name__)

KINDS = {"technology": Technology, "demand": Demand}
APPROVE, RETURN = "approve", "reject"
# Sentences that reviewers return listings with most often.
RETURN_REASONS = [
    gettext_lazy("节能量缺少计算依据，请说明基准、方法和运行小时数。"),
    gettext_lazy("投资额或投资回收期前后不一致，请核对。"),
    gettext_lazy("入选推荐目录的技术请补充至少 2 个稳定运行一年以上的国内应用案例。"),
    gettext_lazy("请上传检测报告、验收意见等证明材料。"),
    gettext_lazy("请补充适用条件和不适用情形。"),
    gettext_lazy("内容与已有条目重复，请说明区别或在原条目上修改。"),
    gettext_lazy("含有广告用语或联系方式，请删除后重新提交。"),
    gettext_lazy("请先完成机构核验。"),
]


@dataclass
class Submission:
    """A listing that waits for a decision; `listing` is the row, `content` what was submitted."""

    task_state: TaskState
    kind: str
    listing: Listing
    content: dict
    systems: list[str]

    @property
    def title(self):
        return self.content.get("title") or self.listing.title

    @property
    def summary(self):
        return self.content.get("summary") or self.content.get("problem") or ""

    @property
    def is_change(self):
        """Whether the public already sees an earlier version."""
        return self.listing.live

    @property
    def days_waiting(self):
        return (timezone.now() - self.task_state.started_at).days


def pending_for(user, *, kind="", word="", older_than_days=0):
    """Return the submissions the user may decide, oldest first, as a queryset of task states.

    `word` is searched in the titles of listings and the names of their organisations.
    """
    states = TaskState.objects.reviewable_by(user).filter(status=TaskState.STATUS_IN_PROGRESS)
    types = {name: ContentType.objects.get_for_model(model) for name, model in KINDS.items()}
    chosen = [types[kind]] if kind in types else list(types.values())
    states = states.filter(workflow_state__base_content_type__in=chosen)
    if older_than_days:
        states = states.filter(started_at__lt=timezone.now() - timedelta(days=older_than_days))
    if word:
        ids = [
            (types[name], [str(pk) for pk in _named(model, word)])
            for name, model in KINDS.items()
            if types[name] in chosen
        ]
        wanted = TaskState.objects.none()
        for content_type, pks in ids:
            wanted = wanted | TaskState.objects.filter(
                workflow_state__base_content_type=content_type, workflow_state__object_id__in=pks
            )
        states = states.filter(pk__in=wanted.values("pk"))
    return states.select_related("workflow_state__requested_by", "revision").order_by("started_at", "pk")


def _named(model, word):
    listings = model.objects.filter(title__icontains=word) | model.objects.filter(
        organisation__name__icontains=word
    )
    return listings.values_list("pk", flat=True)


def load_submissions(states: Iterable[TaskState]) -> list[Submission]:
    """Return the submissions of some task states in a constant number of queries."""
    states = list(states)
    names = {ContentType.objects.get_for_model(model).pk: name for name, model in KINDS.items()}
    listings = {}
    for name, model in KINDS.items():
        pks = [
            state.workflow_state.object_id
            for state in states
            if names.get(state.workflow_state.base_content_type_id) == name
        ]
        found = model.objects.select_related("organisation").filter(pk__in=pks) if pks else ()
        listings |= {(name, str(listing.pk)): listing for listing in found}
    systems = dict(EnergySystem.objects.values_list("pk", "name")) if states else {}
    submissions = []
    for state in states:
        kind = names.get(state.workflow_state.base_content_type_id)
        listing = listings.get((kind, state.workflow_state.object_id))
        if listing is not None:
            content = state.revision.content
            chosen = [systems[pk] for pk in content.get("systems", ()) if pk in systems]
            submissions.append(Submission(state, kind, listing, content, chosen))
    return submissions


@transaction.atomic
def decide(state: TaskState, *, user, action: str, comment: str = "") -> None:
    """Approve or return one submission; raise ListingError when it cannot be decided any more.

    Returning needs a comment: the owner must know what to correct.
    """
    comment = comment.strip()
    if action == RETURN and not comment:
        raise ListingError(_("退回时必须写明原因。"))
    state = TaskState.objects.select_for_update().get(pk=state.pk)
    if state.status != TaskState.STATUS_IN_PROGRESS:
        raise ListingError(_("该条目已由他人处理或已被撤回。"))
    task = state.task.specific
    if action not in {name for name, *_rest in task.get_actions(state.workflow_state.content_object, user)}:
        raise PermissionDenied
    task.on_action(state, user, action, comment=comment)


def decide_many(
    states: Iterable[TaskState], *, user, action: str, comment: str = ""
) -> tuple[int, list[tuple[TaskState, str]]]:
    """Decide several submissions, each on its own; return how many succeeded, and the failures with a sentence."""
    done, failures = 0, []
    for state in states:
        try:
            decide(state, user=user, action=action, comment=comment)
        except ListingError as error:
            failures.append((state, str(error)))
        except PermissionDenied:
            failures.append((state, _("您没有处理该条目的权限。")))
        except ValidationError as error:
            failures.append((state, "；".join(error.messages)))
        except DatabaseError:
            logger.exception("Deciding task state %s failed", state.pk)
            failures.append((state, _("保存失败，请稍后重试。")))
        else:
            done += 1
    return done, failures

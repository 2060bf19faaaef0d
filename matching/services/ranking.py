"""Which model of the score is in use: every process follows the row of the library's state."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from matching.engine.model import ModelUnreadable
from matching.enums import ModelState
from matching.errors import ModelError
from matching.models import LearningOptions, LibraryState, RankingModelVersion
from matching.services.library import library_state

ACTIVATED = "matching.activate_model"
DEACTIVATED = "matching.use_shipped_model"
OPTIONS = "matching.learning_options"


@transaction.atomic
def activate(version: RankingModelVersion, *, user=None) -> None:
    """Put a version in use, for all processes from their next ranking on; doing it again changes nothing.

    The caller has the lists computed anew. `user` is None for the nightly run. Raise ModelError for one that did not
    pass its test and for one that cannot be read.
    """
    library_state()
    LibraryState.objects.select_for_update().get(pk=1)
    version = RankingModelVersion.objects.select_for_update().get(pk=version.pk)
    if version.state == ModelState.REFUSED:
        raise ModelError(_("该版本未通过检验，不能启用。"))
    try:
        version.read()
    except ModelUnreadable as error:
        raise ModelError(_("该版本已损坏或格式过旧，不能启用。")) from error
    if version.state == ModelState.ACTIVE:
        return
    _retire()
    RankingModelVersion.objects.filter(pk=version.pk).update(
        state=ModelState.ACTIVE, activated_at=timezone.now(), activated_by=user
    )
    LibraryState.objects.filter(pk=1).update(ranking=version.number)
    log(instance=version, action=ACTIVATED, user=user, data={"number": version.number})


@transaction.atomic
def use_shipped(*, user=None) -> None:
    """Return to the model that comes with the program; without another in use this changes nothing."""
    library_state()
    LibraryState.objects.select_for_update().get(pk=1)
    active = RankingModelVersion.objects.active()
    if active is None:
        return
    _retire()
    LibraryState.objects.filter(pk=1).update(ranking=0)
    log(instance=active, action=DEACTIVATED, user=user, data={"number": active.number})


@transaction.atomic
def change_options(options: LearningOptions, *, user) -> None:
    """Store what counts in learning, and note in the log who changed what."""
    before = LearningOptions.current()
    options.pk = 1
    options.save()
    data = {
        "before": {**before.weights(), "activates_at_once": before.activates_at_once},
        "after": {**options.weights(), "activates_at_once": options.activates_at_once},
    }
    log(instance=options, action=OPTIONS, user=user, data=data)


def _retire() -> None:
    RankingModelVersion.objects.filter(state=ModelState.ACTIVE).update(state=ModelState.RETIRED)

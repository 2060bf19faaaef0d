"""Merge one technology into another, and undo it."""

import json

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.actions.unpublish import UnpublishAction
from wagtail.log_actions import log

from catalog.enums import EvidenceLevel
from catalog.errors import ListingError
from catalog.models import Technology, TechnologyMerge
from catalog.models.technologies import RANGES
from catalog.services.facts import child_text
from catalog.services.publishing import publish_directly, save_draft
from catalog.signals import listings_changed, technologies_merged

CHILDREN = ("cases", "conditions", "documents")
SURVIVOR, OTHER, BOTH = "survivor", "other", "both"
# Figures and words that only make sense together.
TOGETHER = {"unit_investment": ("investment_unit",)}


def fields_of(name: str) -> list[str]:
    """Return the model fields behind one fact."""
    if name in RANGES:
        return [*RANGES[name][:2], *TOGETHER.get(name, ())]
    return [name]


def better_first(one: Technology, two: Technology) -> tuple[Technology, Technology]:
    """Return the two with the one to keep first: with a supplier, better evidence, older."""
    levels = list(EvidenceLevel)

    def worth(technology):
        level = levels.index(EvidenceLevel(technology.evidence_level))
        return (technology.organisation_id is not None, level, -technology.pk)

    return (one, two) if worth(one) >= worth(two) else (two, one)


def check_mergeable(survivor: Technology, other: Technology) -> None:
    """Raise a ListingError when a merger would lose something that somebody is working on."""
    if survivor.pk == other.pk:
        raise ListingError(_("不能与自身合并。"))
    for technology in (survivor, other):
        if technology.merged_into_id:
            raise ListingError(_("“%s”已并入其他条目。") % technology.title)
        if not technology.live:
            raise ListingError(_("“%s”没有公开，不能合并。") % technology.title)
        if technology.current_workflow_state is not None or technology.has_unpublished_changes:
            raise ListingError(_("“%s”有审核中或未发布的修改，请先处理完再合并。") % technology.title)


@transaction.atomic
def merge_technologies(
    survivor: Technology, other: Technology, *, choices: dict[str, str], user
) -> TechnologyMerge:
    """Merge `other` into `survivor` and return the record that can undo it; raise ListingError when it cannot be.

    `choices` maps names of facts to SURVIVOR (the default), OTHER or, for lists of choices, BOTH. Cases, conditions
    and documents of the other one are copied unless the survivor has the same. The other one leaves the public
    view; its address leads to the survivor.
    """
    check_mergeable(survivor, other)
    changed = {}
    for name, choice in choices.items():
        if choice in {OTHER, BOTH}:
            for field in fields_of(name):
                changed |= take(survivor, other, field, choice)
    added_before = {name: {child.pk for child in getattr(survivor, name).all()} for name in CHILDREN}
    for name in CHILDREN:
        copy_children(survivor, other, name)
    publish_directly(survivor, user=user)
    # Read again: only the rows know the keys of the copies.
    survivor = Technology.objects.get(pk=survivor.pk)
    added = {
        name: sorted({child.pk for child in getattr(survivor, name).all()} - added_before[name])
        for name in CHILDREN
    }
    Technology.objects.filter(merged_into=other).update(merged_into=survivor)
    other.merged_into = survivor
    other.save(update_fields=["merged_into"])
    UnpublishAction(other, user=user).execute(skip_permission_checks=True)
    record = TechnologyMerge.objects.create(
        survivor=survivor, merged=other, changed=changed, added=added, merged_by=user
    )
    for technology in (survivor, other):
        log(instance=technology, action="catalog.merge", user=user, data={"merge": record.pk})
    technologies_merged.send(sender=Technology, survivor_id=survivor.pk, merged_id=other.pk)
    listings_changed.send(sender=Technology, kind="technology", ids=[survivor.pk, other.pk])
    return record


def take(survivor, other, name, choice) -> dict[str, list]:
    """Set one field of the survivor and return {name: [before, after]}; nothing when it stays the same."""
    field = Technology._meta.get_field(name)
    before = stored(survivor, field)
    if isinstance(field, ParentalManyToManyField):
        chosen = list(getattr(other, name).all())
        if choice == BOTH:
            chosen = list({item.pk: item for item in [*getattr(survivor, name).all(), *chosen]}.values())
        getattr(survivor, name).set(chosen)
    else:
        setattr(survivor, name, getattr(other, name))
    after = stored(survivor, field)
    return {} if before == after else {name: [before, after]}


def stored(technology, field):
    """Return a field's value as a revision's content holds it, in JSON's own types."""
    value = technology.serializable_data()[field.name]
    if isinstance(field, ParentalManyToManyField):
        return sorted(value)
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))


def copy_children(survivor, other, name) -> None:
    relation = getattr(survivor, name)
    known = {child_text(child) for child in relation.all()}
    for child in getattr(other, name).all():
        if child_text(child) not in known:
            child.pk = child.id = None
            child.technology = survivor
            relation.add(child)


@transaction.atomic
def undo_merge(record: TechnologyMerge, *, user) -> None:
    """Part two merged technologies again; what was changed since on the survivor stays as it is."""
    record = (
        TechnologyMerge.objects.select_for_update().select_related("survivor", "merged").get(pk=record.pk)
    )
    survivor, merged = record.survivor, record.merged
    if record.undone_at is not None:
        raise ListingError(_("该合并已撤销。"))
    if survivor.merged_into_id:
        raise ListingError(_("保留条目后来又并入了其他条目，请先撤销那一次合并。"))
    if survivor.current_workflow_state is not None or survivor.has_unpublished_changes:
        raise ListingError(_("“%s”有审核中或未发布的修改，请先处理完再撤销。") % survivor.title)
    for name, (before, after) in record.changed.items():
        field = Technology._meta.get_field(name)
        if stored(survivor, field) == after:
            restore(survivor, field, before)
    for name, keys in record.added.items():
        relation = getattr(survivor, name)
        relation.set([child for child in relation.all() if child.pk not in keys])
    publish_directly(survivor, user=user)
    merged.merged_into = None
    merged.save(update_fields=["merged_into"])
    if record.merged_was_live:
        publish_directly(merged, user=user)
    else:
        save_draft(merged, user=user)
    record.undone_by, record.undone_at = user, timezone.now()
    record.save(update_fields=["undone_by", "undone_at"])
    for technology in (survivor, merged):
        log(instance=technology, action="catalog.undo_merge", user=user, data={"merge": record.pk})


def restore(technology, field, value) -> None:
    if isinstance(field, ParentalManyToManyField):
        getattr(technology, field.name).set(field.related_model.objects.filter(pk__in=value))
    elif field.is_relation:
        setattr(technology, field.attname, value)
    else:
        setattr(technology, field.name, field.to_python(value))

"""Find or create the organisation that a line names."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import Organisation
from catalog.enums import ImportKind
from catalog.models import ImportBatch

from .choices import key_of


@dataclass
class Owner:
    """The organisation of a line: its key, or the name and code with which it will be created."""

    pk: int | None = None
    new_name: str = ""
    new_code: str = ""
    warning: str = ""
    error: str = ""


class Owners:
    """All organisations by code and by name (one query for a batch)."""

    def __init__(self, batch: ImportBatch):
        self._batch = batch
        self._by_code: dict[str, tuple[int, str]] = {}
        self._by_name: dict[str, list[int]] = defaultdict(list)
        for key, name, code in Organisation.objects.values_list("pk", "name", "credit_code"):
            self._remember(key, name, code)

    def _remember(self, key: int, name: str, code: str) -> None:
        self._by_code[code] = (key, name)
        self._by_name[key_of(name)].append(key)

    def resolve(self, name: str, code: str) -> Owner:
        """Answer who owns the listing; code first, then an exact name that only one organisation has."""
        if self._batch.organisation_id:
            return Owner(self._batch.organisation_id)
        if code:
            return self._by_code_or_new(name, code)
        if not name:
            return Owner()
        found = self._by_name.get(key_of(name), [])
        if len(found) == 1:
            return Owner(found[0])
        if len(found) > 1:
            return Owner(warning=_("有 %d 家机构同名，请填写统一社会信用代码；目前只记下名称") % len(found))
        if self._batch.kind == ImportKind.DEMANDS:
            return Owner(warning=_("平台上还没有这家单位；填写统一社会信用代码后可自动建档，目前只记下名称"))
        return Owner()

    def _by_code_or_new(self, name: str, code: str) -> Owner:
        if code in self._by_code:
            key, known = self._by_code[code]
            if name and key_of(name) != key_of(known):
                return Owner(key, warning=_("该信用代码登记的名称是“%s”，已按信用代码对应") % known)
            return Owner(key)
        if not name:
            return Owner(error=_("平台上没有这个信用代码的单位，新建档案需要单位名称。"))
        return Owner(
            new_name=name[:100], new_code=code, warning=_("平台上还没有这家单位，将新建一份未核验的档案")
        )

    def create(self, owner: Owner) -> int:
        """Create the organisation of a line unless an earlier line did; answer its key."""
        if owner.new_code in self._by_code:
            return self._by_code[owner.new_code][0]
        is_supplier = self._batch.kind == ImportKind.TECHNOLOGIES
        organisation, is_new = Organisation.objects.get_or_create(
            credit_code=owner.new_code,
            defaults={"name": owner.new_name, "is_supplier": is_supplier, "is_enterprise": not is_supplier},
        )
        self._remember(organisation.pk, organisation.name, organisation.credit_code)
        if is_new:
            self._batch.created_organisations.append(organisation.pk)
        return organisation.pk

"""What the tests of search share."""

import pytest

from accounts.models import Area, Industry
from search.services import rebuild_index


@pytest.fixture
def tree(db):
    """A section with two divisions and a class, as of GB/T 4754."""
    names = {"C": "制造业", "C17": "纺织业", "C26": "化学原料和化学制品制造业", "C261": "基础化学原料制造", "C2614": "有机化学原料制造"}  # fmt: skip
    rows = {}
    for code, name in names.items():
        parent = next((rows[code[:n]] for n in (4, 3, 1) if n < len(code) and code[:n] in rows), None)
        level = {1: 0, 3: 1, 4: 2, 5: 3}[len(code)]
        defaults = {"name": name, "level": level, "parent": parent}
        rows[code], _ = Industry.objects.get_or_create(code=code, defaults=defaults)
    return rows


@pytest.fixture
def town(db):
    return Area.objects.get_or_create(code="310116999", defaults={"name": "示例镇", "kind": "town"})[0]


@pytest.fixture
def index(db):
    """Return the function that indexes what the test made."""
    return rebuild_index

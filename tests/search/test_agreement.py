"""How far two rankings agree."""

import pytest
from django.core.management import CommandError, call_command

from search.agreement import agreement, kendall_tau


@pytest.mark.parametrize(
    ("first", "second", "tau"),
    [([1, 2, 3], [1, 2, 3], 1), ([1, 2, 3], [3, 2, 1], -1), ([1, 2], [9, 1], 1), ([], [], 1), ([1, 2, 3, 4], [2, 1, 4, 3], 1 / 3)],
)  # fmt: skip
def test_tau_counts_pairs_in_the_same_order(first, second, tau):
    assert kendall_tau(first, second) == pytest.approx(tau)


def test_overlap_is_the_share_of_the_first():
    result = agreement([1, 2, 3], [3, 4, 5, 1], top=2)
    assert (result.is_same_set, result.overlap) == (False, 0.0)
    assert agreement([], []).overlap == 1.0
    assert agreement([1, 2], [2, 1]).is_same_set


@pytest.mark.django_db
def test_comparison_needs_elasticsearch(settings, tmp_path):
    settings.ELASTICSEARCH_URL = ""
    with pytest.raises(CommandError, match="set ELASTICSEARCH_URL"):
        call_command("compare_engines", str(tmp_path / "queries.csv"))

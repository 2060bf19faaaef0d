import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine.reserve import FACTORS, ReserveFigures, reserve_score

shares = st.none() | st.floats(0, 1)
amounts = st.none() | st.floats(0, 1e7)
figures = st.builds(
    ReserveFigures, amounts, shares, shares, st.sampled_from([None, "self_declared", "measured_here"]), amounts,
    st.integers(0, 500),
)  # fmt: skip
weights = st.dictionaries(st.sampled_from(FACTORS), st.floats(0, 100)).filter(lambda each: any(each.values()))


@given(figures, weights)
def test_score_is_the_product_of_its_factors(known, chosen):
    score, factors = reserve_score(known, chosen)
    assert [each.name for each in factors] == list(FACTORS)
    if score is not None:
        assert 0 <= score <= 100
        assert score == pytest.approx(100 * math.prod(each.factor for each in factors))
        assert sum(each.share for each in factors) == pytest.approx(1)


@given(st.floats(0, 1e6), st.floats(0, 1), st.floats(0, 1e6), st.floats(0, 1))
def test_equal_weights_order_by_potential_times_room(first, first_share, second, second_share):
    one, two = ReserveFigures(first, first_share), ReserveFigures(second, second_share)
    products = [each.values()["potential"] * each.values()["penetration_now"] for each in (one, two)]
    scores = [reserve_score(each, {"potential": 7, "penetration_now": 7})[0] for each in (one, two)]
    if abs(products[0] - products[1]) > 1e-9:
        assert (products[0] > products[1]) == (scores[0] > scores[1])


def test_unknown_is_not_zero():
    chosen = {"potential": 40, "penetration_now": 25, "payback": 10}
    unknown, zero = ReserveFigures(500), ReserveFigures(500, penetration_now=0, payback_years=0)
    full = ReserveFigures(500, penetration_now=1)
    assert reserve_score(unknown, chosen)[0] == pytest.approx(50)
    assert reserve_score(zero, chosen)[0] > reserve_score(unknown, chosen)[0]
    assert reserve_score(full, chosen)[0] == 0
    assert reserve_score(ReserveFigures(0), chosen)[0] == 0
    assert reserve_score(ReserveFigures(None, 0.1), chosen)[0] is None


def test_nothing_known_gives_no_score_and_nonsense_counts_as_unknown():
    assert reserve_score(ReserveFigures(), {"evidence": 1})[0] is None
    nonsense = ReserveFigures(math.nan, -0.5, math.inf, "stars", -3)
    assert set(nonsense.values().values()) == {None, 0.25}
    assert reserve_score(ReserveFigures(), {"needs": 5})[0] == pytest.approx(25)


@pytest.mark.parametrize("bad", [{"potential": -1}, {"needs": math.nan}, {"potential": 0}, {}])
def test_senseless_weights_are_refused(bad):
    with pytest.raises(ValueError, match="weight"):
        reserve_score(ReserveFigures(500), bad)

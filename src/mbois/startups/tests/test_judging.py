"""Median, spread and rank, for any points."""

from hypothesis import given
from hypothesis import strategies as st

from mbois.startups import judging
from mbois.startups.judging import median, ranks, spread, standings, weighted

totals = st.integers(min_value=100, max_value=500)
many = st.lists(totals, min_size=1, max_size=9)
points = st.integers(min_value=1, max_value=5)


@st.composite
def weights(draw: st.DrawFn) -> dict[str, int]:
    """Weights that are a hundred together."""
    cuts = sorted(draw(st.sets(st.integers(min_value=1, max_value=99), max_size=7)))
    edges = [0, *cuts, 100]
    return {str(place): edges[place + 1] - edges[place] for place in range(len(edges) - 1)}


@given(weights(), st.data())
def test_a_total_lies_between_the_lowest_and_the_highest_points(
    by: dict[str, int], data: st.DataObject
) -> None:
    given_points = {key: data.draw(points) for key in by}
    total = weighted(given_points, by)
    assert 100 * min(given_points.values()) <= total <= 100 * max(given_points.values())


@given(many)
def test_the_median_has_as_many_above_as_below(values: list[int]) -> None:
    middle = median(values)
    assert middle is not None and min(values) <= middle <= max(values)
    half = len(values) / 2
    assert sum(value < middle for value in values) <= half
    # between two values it is rounded up by at most a half
    assert sum(value > middle for value in values) <= half


@given(many, totals)
def test_one_extreme_reviewer_moves_the_median_no_further_than_the_next_one(
    values: list[int], odd: int
) -> None:
    before, after = median(values), median([*values, odd])
    ordered = sorted(values)
    place = (len(ordered) - 1) // 2
    low, high = ordered[max(place - 1, 0)], ordered[min(place + 2, len(ordered) - 1)]
    assert before is not None and after is not None
    if len(values) > 2:
        assert low <= after <= high


@given(many, st.randoms())
def test_the_order_of_reviews_changes_nothing(values: list[int], random: object) -> None:
    shuffled = list(values)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert median(values) == median(shuffled) and spread(values) == spread(shuffled)


@given(many)
def test_the_spread_is_how_far_they_are_apart(values: list[int]) -> None:
    found = spread(values)
    if len(values) == 1:
        assert found is None
    else:
        assert found == max(abs(a - b) for a in values for b in values)


@given(st.dictionaries(st.integers(min_value=1, max_value=999), st.none() | totals, max_size=40))
def test_ranks_follow_the_medians_and_ties_share(medians: dict[int, int | None]) -> None:
    found = ranks(medians)
    assert set(found) == {key for key, value in medians.items() if value is not None}
    for key, rank in found.items():
        better = [other for other in found if medians[other] > medians[key]]  # type: ignore[operator]
        assert rank == len(better) + 1
        for other in found:
            assert (found[other] == rank) == (medians[other] == medians[key])


@given(st.dictionaries(st.integers(min_value=1, max_value=99), st.lists(totals, max_size=5), max_size=20))
def test_standings_say_who_is_tied(given_totals: dict[int, list[int]]) -> None:
    found = standings(
        given_totals, {key: [(one, {"1": 3}) for one in rows] for key, rows in given_totals.items()}
    )
    for one in found.values():
        same = [other for other in found.values() if other.rank == one.rank and other.rank is not None]
        assert one.tied == (len(same) > 1)
        assert (one.rank is None) == (one.count == 0)
        assert one.disputed == (one.spread is not None and one.spread >= judging.WIDE)

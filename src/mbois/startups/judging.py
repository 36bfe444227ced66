"""Points made comparable: weighted totals, median, spread, rank. Everything times 100, in whole numbers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

# From here on the reviewers disagree so much that somebody should talk to them.
WIDE = 150


def weighted(points: Mapping[str, int], weights: Mapping[str, int]) -> int:
    """The weighted mean of points times 100, weights being 100 together: 435 is 4.35."""
    return sum(weights[key] * points[key] for key in weights)


def median(values: Sequence[int]) -> int | None:
    """The middle value; between two, the half is rounded up. None of nothing."""
    if not values:
        return None
    ordered, middle = sorted(values), len(values) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return (ordered[middle - 1] + ordered[middle] + 1) // 2


def spread(values: Sequence[int]) -> int | None:
    """How far the highest lies from the lowest; None with fewer than two."""
    return max(values) - min(values) if len(values) > 1 else None


@dataclass(frozen=True)
class Standing:
    """How one application was judged. `rank` is 1 for the highest median; equal medians share a rank,
    and the ranks after them are left out. None where nobody judged yet."""

    key: int
    totals: tuple[int, ...]
    median: int | None
    spread: int | None
    criteria: dict[str, int] = field(default_factory=dict)
    spreads: dict[str, int] = field(default_factory=dict)
    rank: int | None = None
    tied: bool = False

    @property
    def count(self) -> int:
        return len(self.totals)

    @property
    def disputed(self) -> bool:
        return self.spread is not None and self.spread >= WIDE


def ranks(medians: Mapping[int, int | None]) -> dict[int, int]:
    """The rank of each key that has a median: 1, 2, 2, 4."""
    known = sorted((value for value in medians.values() if value is not None), reverse=True)
    first: dict[int, int] = {}
    for place, value in enumerate(known, 1):
        first.setdefault(value, place)
    return {key: first[value] for key, value in medians.items() if value is not None}


def standings(
    keys: Iterable[int], reviews: Mapping[int, Sequence[tuple[int, Mapping[str, int]]]]
) -> dict[int, Standing]:
    """The standing of each application: `reviews` are (total, points by criterion) by its key."""
    wanted = list(keys)
    medians = {key: median([total for total, _points in reviews.get(key, ())]) for key in wanted}
    places = ranks(medians)
    shared: dict[int, int] = {}
    for place in places.values():
        shared[place] = shared.get(place, 0) + 1
    found = {}
    for key in wanted:
        given = reviews.get(key, ())
        totals = tuple(sorted(total for total, _points in given))
        by: dict[str, list[int]] = {}
        for _total, points in given:
            for criterion, value in points.items():
                by.setdefault(criterion, []).append(value * 100)
        rank = places.get(key)
        found[key] = Standing(
            key=key,
            totals=totals,
            median=medians[key],
            spread=spread(totals),
            criteria={name: median(values) or 0 for name, values in by.items()},
            spreads={name: spread(values) or 0 for name, values in by.items()},
            rank=rank,
            tied=rank is not None and shared[rank] > 1,
        )
    return found

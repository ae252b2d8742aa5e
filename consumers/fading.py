"""How visits and searches add up to a usual area, and how they fade."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from consumers.cells import Cell

HALF_LIFE = timedelta(days=30)  # what was a month ago counts half
LOOKS_BACK = timedelta(days=180)  # then it counts 1/64: less than a search of today
SEARCHES_KEPT = timedelta(days=30)
PURCHASE, REDEMPTION, SEARCH = 3.0, 1.0, 1.0  # a redemption counts beside the purchase it belongs to
LEAST, MOST_CELLS = 0.75, 20  # a single search is gone within two weeks


@dataclass(frozen=True)
class Evidence:
    """One reason for a cell: ``what`` is purchase, redemption or search."""

    cell: Cell
    what: str
    on: date
    times: int = 1

    def weight(self, today: date) -> float:
        each = {"purchase": PURCHASE, "redemption": REDEMPTION, "search": SEARCH}[self.what]
        return float(each * self.times * 0.5 ** ((today - self.on) / HALF_LIFE))


@dataclass
class Sum:
    weight: float = 0.0
    purchases: int = 0
    searches: int = 0
    last_on: date = date.min

    def add(self, one: Evidence, today: date) -> None:
        self.weight += one.weight(today)
        self.purchases += one.times if one.what == "purchase" else 0
        self.searches += one.times if one.what == "search" else 0
        self.last_on = max(self.last_on, one.on)


def summed(evidence: Iterable[Evidence], today: date) -> dict[Cell, Sum]:
    """The strongest cells, at most twenty, without those that have faded."""
    sums: dict[Cell, Sum] = {}
    for one in evidence:
        sums.setdefault(one.cell, Sum()).add(one, today)
    strong = sorted(sums.items(), key=lambda pair: (-pair[1].weight, pair[0]))
    return {cell: total for cell, total in strong[:MOST_CELLS] if total.weight >= LEAST}

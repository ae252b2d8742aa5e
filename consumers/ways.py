"""The addresses that lead on from a list: each keeps what was chosen and changes one thing."""

from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse

from consumers.rows import cost_of
from consumers.wanted import PRICE_LEVELS, RADII, Tree, Wanted
from merchants.finding.ranking import Sort
from merchants.models import Category


@dataclass(frozen=True)
class Ways:
    """The addresses that lead on from a list, each with everything that was already chosen."""

    wanted: Wanted
    near: str
    on_map: bool

    def to(self, *, page: str = "", on_map: bool | None = None, **changes: object) -> str:
        view = "map" if (self.on_map if on_map is None else on_map) else ""
        query = self.wanted.but(**changes).query(("near", self.near), ("view", view), ("page", page))
        return f"{reverse('consumers:nearby')}?{query}" if query else reverse("consumers:nearby")

    @property
    def as_list(self) -> str:
        return self.to(on_map=False)

    @property
    def as_map(self) -> str:
        return self.to(on_map=True)

    @property
    def stay(self) -> str:
        """This list from another point, hence without the one in the address."""
        return replace(self, near="").to()

    @property
    def anything(self) -> str:
        return self.to(category=None)

    @property
    def nothing(self) -> str:
        return self.to(category=None, open=False, within_m=None, price_levels=(), text="")

    @property
    def kept(self) -> list[tuple[str, str]]:
        """What a search for words must carry along."""
        view = "map" if self.on_map else ""
        pairs = [*self.wanted.but(text="").pairs(), ("near", self.near), ("view", view)]
        return [(key, text) for key, text in pairs if text]


@dataclass(frozen=True)
class Chip:
    id: str
    label: Any
    href: str
    on: bool


def chips(ways: Ways, tree: Tree) -> dict[str, list[Chip]]:
    chosen = ways.wanted.category
    root = (chosen.parent or chosen) if chosen else None
    offered = [root, *tree.below(root)] if root else tree.roots
    return {
        "categories": [_category_chip(row, ways, chosen) for row in offered],
        "radii": [
            Chip(
                id=f"r-{metres}",
                label=metres,
                href=ways.to(within_m=None if ways.wanted.within_m == metres else metres),
                on=ways.wanted.within_m == metres,
            )
            for metres in RADII
        ],
        "prices": [_price_chip(level, ways) for level in PRICE_LEVELS],
        "sorts": [
            Chip(f"sort-{sort or 'distance'}", sort.label, ways.to(sort=sort.value), ways.wanted.sort == sort)
            for sort in Sort
        ],
        "open": [Chip("open-now", "", ways.to(open=not ways.wanted.open), ways.wanted.open)],
    }


def _price_chip(level: int, ways: Ways) -> Chip:
    on = level in ways.wanted.price_levels
    levels = {*ways.wanted.price_levels} ^ {level}
    every = tuple(one for one in PRICE_LEVELS if one in levels)
    return Chip(f"price-{level}", cost_of(level), ways.to(price_levels=every), on)


def _category_chip(row: Category, ways: Ways, chosen: Category | None) -> Chip:
    """Tapping a leaf that is on goes back to its branch, a branch that is on back to everything."""
    on = row == chosen
    back = row.parent if row.parent_id else None
    return Chip(f"cat-{row.slug}", row.name, ways.to(category=back if on else row), on)

"""What somebody may mean while typing: kinds of shop, services that are offered around, shops by name."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import get_language

from consumers.position import Position
from consumers.wanted import Tree, Wanted
from merchants.finding import category_words, vocabulary
from merchants.finding.folding import fold, says
from merchants.finding.near import Nearby
from merchants.finding.vocabulary import Meant
from merchants.models import Category, Service

LOOKED_AT = 20  # of the nearest shops that fit, whose services are looked through
SERVICES_SHOWN = 4


@dataclass(frozen=True)
class Offered:
    """A service by its name, as the nearest shops offer it: the lowest price, and how many of them."""

    name: str
    price: int
    shops: int


@dataclass(frozen=True)
class Found:
    """``meant`` when nothing was found as typed and something else probably was."""

    typed: str
    meant: Meant | None = None
    categories: list[Category] = field(default_factory=list)
    services: list[Offered] = field(default_factory=list)
    shops: list[Nearby] = field(default_factory=list)

    @property
    def text(self) -> str:
        return self.meant.text if self.meant else self.typed

    @property
    def by_name(self) -> list[Nearby]:
        """The shops that are called so first, each group the nearest first."""
        typed = fold(self.text)
        return sorted(self.shops, key=lambda shop: not says(f"{shop.name} {shop.name_en}", typed))

    def __bool__(self) -> bool:
        return bool(self.categories or self.services or self.shops)


def find(text: str, tree: Tree, position: Position, moment: datetime) -> Found:
    """Three queries; three more when nothing is called so and the words are put right."""
    if not fold(text):
        return Found(text)
    kinds = category_words.meant(text, tree.by_key.values())
    if shops := Wanted(text=text).near(position, moment, LOOKED_AT + 1):
        return Found(text, None, kinds, _services(shops, text), shops)
    if (meant := vocabulary.meant_by(text)) and (
        shops := Wanted(text=meant.text).near(position, moment, LOOKED_AT + 1)
    ):
        kinds = kinds or category_words.meant(meant.text, tree.by_key.values())
        return Found(text, meant, kinds, _services(shops, meant.text), shops)
    return Found(text, None, kinds)


def _services(shops: Sequence[Nearby], text: str) -> list[Offered]:
    """Of the shops found: what they offer that is called so, what most of them offer first."""
    typed, english = fold(text), (get_language() or "").startswith("en")
    priced = [shop.id for shop in shops if shop.from_price is not None]
    rows = Service.objects.filter(shop__in=priced, removed_at=None).values_list("name", "name_en", "price")
    prices: dict[str, list[int]] = {}
    for name, name_en, price in rows.order_by("pk"):
        if says(f"{name} {name_en}", typed):
            prices.setdefault(name_en if english and name_en else name, []).append(price)
    every = [Offered(name, min(found), len(found)) for name, found in prices.items()]
    return sorted(every, key=lambda one: (-one.shops, one.price, one.name))[:SERVICES_SHOWN]

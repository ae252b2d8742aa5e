"""How much of a listing is there, as a percentage whose weights everybody can read, and what to add next."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Expression, IntegerField, Q, Value, When
from django.utils.translation import gettext_lazy as _

from merchants.models import Shop
from merchants.steps import Step

NULLABLE = ("location", "from_price")


@dataclass(frozen=True)
class Part:
    """One column of the shop's own row, and the step of the wizard in which it is filled in."""

    label: Any
    weight: int
    column: str
    step: Step

    @property
    def there(self) -> Q:
        return Q(**{f"{self.column}__isnull": False}) if self.column in NULLABLE else ~Q(**{self.column: ""})

    def is_on(self, shop: Shop) -> bool:
        return getattr(shop, self.column) not in (None, "")


#: Out of 100. Hours, place and prices are what people come for.
PARTS = (
    Part(_("Name and category"), 10, "name", Step.NAME),
    Part(_("Place on the map"), 20, "location", Step.LOCATION),
    Part(_("Opening hours"), 20, "hours", Step.HOURS),
    Part(_("Services and prices"), 20, "from_price", Step.SERVICES),
    Part(_("Photo"), 10, "cover", Step.PHOTO),
    Part(_("Phone for customers"), 10, "phone", Step.NAME),
    Part(_("Address"), 5, "address", Step.LOCATION),
    Part(_("A few words about the shop"), 5, "about", Step.NAME),
)


def parts_of(shop: Shop) -> list[Part]:
    """A bank or a toilet sells nothing here: its prices are not missing."""
    return [part for part in PARTS if part.step != Step.SERVICES or not shop.category.is_discovery_only]


def completeness(shop: Shop) -> int:
    """0 to 100, rounded down; wants ``category`` at hand."""
    parts = parts_of(shop)
    filled = sum(part.weight for part in parts if part.is_on(shop))
    return 100 * filled // sum(part.weight for part in parts)


def next_best(shop: Shop) -> Part | None:
    """The missing part that weighs most; None when nothing is missing."""
    lacking = [part for part in parts_of(shop) if not part.is_on(shop)]
    return max(lacking, key=lambda part: part.weight, default=None)


def complete() -> Expression:
    """The same as an annotation of shops: ``shops.annotate(completeness=complete())``."""
    filled: Any = Value(0)
    for part in PARTS:
        filled = filled + Case(When(part.there, then=Value(part.weight)), default=Value(0))
    prices = next(part for part in PARTS if part.step == Step.SERVICES)
    listed_only = Q(category__is_discovery_only=True)
    bare = filled - Case(When(prices.there, then=Value(prices.weight)), default=Value(0))
    whole = sum(part.weight for part in PARTS)
    return Case(
        When(listed_only, then=100 * bare / Value(whole - prices.weight)),
        default=100 * filled / Value(whole),
        output_field=IntegerField(),
    )

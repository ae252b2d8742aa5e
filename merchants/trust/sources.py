"""Where the facts of a listing come from, in words that people read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from merchants.models import Fact, Origin, Provenance, Shop
from merchants.opening.week import in_words

NAMES = {"osm": "OpenStreetMap"}  # of the sources that everybody knows; others are shown as they are called


@dataclass(frozen=True)
class Told:
    """One fact with its source; ``confirmed`` is empty when nobody has looked since."""

    fact: Fact
    value: str
    source: str
    licence: str
    confirmed: str
    noted_at: datetime | None

    @property
    def label(self) -> Any:
        return self.fact.label


def source_of(row: Provenance) -> str:
    if row.origin == Origin.OPEN_DATA:
        return NAMES.get(row.source, row.source)
    if row.origin == Origin.VISITOR:
        if row.accepted_as == Origin.OWNER:
            return _("a visitor, accepted by the shop")
        return _("a visitor, accepted by our staff")
    return str(Origin(row.origin).label)


def confirmed(row: Provenance) -> str:
    """``confirmed by 2 visitors in October``"""
    if row.confirmed_at is None:
        return ""
    month = month_of(row.confirmed_at)
    if row.confirmations:
        said = ngettext(
            "confirmed by %(count)d visitor, last in %(month)s",
            "confirmed by %(count)d visitors, last in %(month)s",
            row.confirmations,
        )
        return said % {"count": row.confirmations, "month": month}
    return _("confirmed in %(month)s") % {"month": month}


def month_of(moment: datetime) -> str:
    local = timezone.localtime(moment)
    this_year = local.year == timezone.localdate().year
    alone, with_year = pgettext("date format of a month", "F"), pgettext("date format of a month", "F Y")
    return date_format(local, alone if this_year else with_year)


def value_in_words(shop: Shop, fact: Fact) -> str:
    if fact == Fact.LOCATION:
        return f"{shop.location.y:.5f}, {shop.location.x:.5f}" if shop.location else ""
    return {
        Fact.NAME: " · ".join(filter(None, (shop.name, shop.name_en))),
        Fact.CATEGORY: shop.category.name,
        Fact.ADDRESS: shop.address,
        Fact.HOURS: shop.hours,
        Fact.PHONE: shop.phone,
    }[fact]


def hours_in_words(shop: Shop) -> str:
    """``Monday to Friday 10:00–21:00 · Sunday closed``: what a correction compares is the text itself."""
    return " · ".join(f"{days} {hours}".strip() for days, hours in in_words(shop.hours))


def told_of(shop: Shop, rows: Iterable[Provenance]) -> list[Told]:
    """Every fact that the listing states, in the order of ``Fact``."""
    known = {row.fact: row for row in rows}
    return [_told(shop, fact, known.get(fact)) for fact in Fact if value_in_words(shop, fact)]


def _told(shop: Shop, fact: Fact, row: Provenance | None) -> Told:
    """A fact without a row (brought in by other means) has the source of the listing."""
    if row is None:
        origin = Origin.OWNER if shop.is_claimed else Origin.OPEN_DATA
        row = Provenance(fact=fact, origin=origin, source=shop.source, licence=shop.source_licence)
    value = hours_in_words(shop) if fact == Fact.HOURS else value_in_words(shop, fact)
    return Told(fact, value, source_of(row), row.licence, confirmed(row), row.noted_at or None)

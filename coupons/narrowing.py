"""One part of what was claimed and used of an offer: of a way, a level, an outlet, a day."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db.models import F, Model, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from coupons.models import Via
from loyalty.models import CardState, Level
from merchants.models import Merchant, Shop
from portal.kernel import dates

NO_CARD = -1
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Part:
    """``level``: a rank, or ``NO_CARD``; ``shop``: where it was used; ``day``: the merchant's own."""

    via: str = ""
    level: int | None = None
    shop: int | None = None
    day: date | None = None

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> "Part":
        """From an address; what can't be read narrows nothing."""
        via = asked.get("via", "")
        return cls(
            via=via if via in Via.values else "",
            level=_number(asked.get("level", "")),
            shop=_number(asked.get("shop", "")),
            day=_day(asked.get("day", "")),
        )

    def link(self) -> str:
        return urlencode({name: value for name, value in asdict(self).items() if value not in ("", None)})

    def coupons_of(self, rows: QuerySet[Row], merchant: Merchant) -> QuerySet[Row]:
        """Of claimed coupons; where they were used tells nothing about them."""
        return self._of(rows, "", merchant, "claimed_at")

    def sales_of(self, rows: QuerySet[Row], merchant: Merchant) -> QuerySet[Row]:
        """Of purchases with a coupon."""
        rows = rows.filter(redemption__shop=self.shop) if self.shop is not None else rows
        return self._of(rows, "redemption__coupon__", merchant, "redemption__redeemed_at")

    def said(self, merchant: Merchant) -> list[str]:
        """What it is narrowed to, in words."""
        said = [str(Via(self.via).label)] if self.via else []
        if self.level == NO_CARD:
            said.append(_("Without a card"))
        elif self.level is not None:
            said += [one.title for one in Level.objects.filter(merchant=merchant, rank=self.level)[:1]]
        if self.shop is not None:
            said += [one.title for one in Shop.objects.filter(merchant=merchant, pk=self.shop)]
        return [*said, dates.day(self.day)] if self.day else said

    def _of(self, rows: QuerySet[Row], coupon: str, merchant: Merchant, moment: str) -> QuerySet[Row]:
        if self.via:
            rows = rows.filter(**{f"{coupon}via": self.via})
        if self.level is not None:
            rows = self._at_level(rows, f"{coupon}customer__card")
        if self.day:
            zone = ZoneInfo(merchant.zone)
            begins = datetime.combine(self.day, time(), zone)
            ends = datetime.combine(self.day + timedelta(days=1), time(), zone)
            rows = rows.filter(**{f"{moment}__gte": begins, f"{moment}__lt": ends})
        return rows

    def _at_level(self, rows: QuerySet[Row], card: str) -> QuerySet[Row]:
        """Where the holder stands now; a card without a standing is at the lowest level."""
        active = Q(**{f"{card}__state": CardState.ACTIVE})
        if self.level == NO_CARD:
            return rows.exclude(pk__in=rows.filter(active))
        ranked: Any = rows.alias(rank=Coalesce(F(f"{card}__standing__level__rank"), 0))
        found: QuerySet[Row] = ranked.filter(active, rank=self.level)
        return found


def _number(text: str) -> int | None:
    plain = text.removeprefix("-")
    return int(text) if plain.isascii() and plain.isdecimal() and len(plain) < 10 else None


def _day(text: str) -> date | None:
    try:
        return parse_date(text[:10])
    except ValueError:
        return None

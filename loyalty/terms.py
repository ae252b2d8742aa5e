"""What a card earns and what its points buy on a day: the rule, the level and the campaigns in one answer.

Pure reckoning in integers; ``terms_of`` asks the database once (``loyalty_terms``), or not at all for a card
that was looked up ``with_terms``.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loyalty.models import Basis, Card, Rounding
from merchants.models import Merchant
from merchants.wording import in_language
from portal.kernel.money import format_money, split


@dataclass(frozen=True)
class Bought:
    """A line of a sale as the rule sees it; ``paid`` in minor units after everything that was taken off."""

    paid: int
    quantity: int = 1
    service_id: int | None = None


@dataclass(frozen=True)
class Quote:
    """So many points pay so much of the bill (minor units)."""

    points: int
    amount: int


@dataclass(frozen=True)
class Fraction:
    """Points for one minor unit (``AMOUNT``) or for one visit or item, before rounding."""

    top: int
    bottom: int

    def of(self, count: int, rounding: str) -> int:
        """Rounded once, as the rule says."""
        whole = count * self.top
        if rounding == Rounding.DOWN:
            return whole // self.bottom
        if rounding == Rounding.UP:
            return -(-whole // self.bottom)
        return (2 * whole + self.bottom) // (2 * self.bottom)


@dataclass(frozen=True)
class Terms:
    """The terms of one card on one day, as ``loyalty_terms`` tells them."""

    facts: dict[str, Any]
    day: date

    @property
    def level(self) -> dict[str, Any]:
        return self.facts["level"] or {}

    @property
    def discount(self) -> int:
        """Percent off every bill."""
        return int(self.level.get("discount", 0))

    @property
    def level_multiplier(self) -> int:
        return int(self.level.get("multiplier", 100))

    @property
    def promotion(self) -> int:
        """Percent: the better of the weekday's and the campaigns'."""
        return max(self.facts["weekdays"][self.day.weekday()], self.facts["campaign"] or 100)

    @property
    def waits(self) -> int:
        """Days before the points of a sale can be used."""
        return int(self.facts["waits"])

    @property
    def waiting(self) -> int:
        """Points on the card that can't be used yet."""
        return int(self.facts["waiting"])

    @property
    def rate(self) -> Fraction:
        times = self.level_multiplier * self.promotion
        if self.facts["basis"] == Basis.AMOUNT:
            unit = int(10**settings.CURRENCY_EXPONENT)
            return Fraction(self.facts["rate"] * times, self.facts["every"] * unit * 10_000)
        return Fraction(self.facts["each"] * times, 10_000)

    def level_off(self, payable: int) -> int:
        """The level's percent of what is left to pay, half a minor unit rounded up."""
        return (2 * payable * self.discount + 100) // 200

    def points_for(self, lines: Sequence[Bought]) -> int:
        """Points for a sale; nothing for services that are left out. Rounded once, for all of it."""
        counting = [line for line in lines if line.service_id not in self.facts["excluded"]]
        if self.facts["basis"] == Basis.AMOUNT:
            count = sum(line.paid for line in counting)
        elif self.facts["basis"] == Basis.ITEM:
            count = sum(line.quantity for line in counting)
        else:
            count = 1 if counting else 0
        return self.rate.of(count, self.facts["rounding"])

    def points_by_line(self, lines: Sequence[Bought]) -> list[int]:
        """``points_for`` shared over the lines that earned them: what goods take along when they come back.

        By what was paid for each, or by pieces where pieces earn; where nothing was paid, evenly.
        """
        points = self.points_for(lines)
        counting = [line.service_id not in self.facts["excluded"] for line in lines]
        sizes = [line.quantity if self.facts["basis"] == Basis.ITEM else line.paid for line in lines]
        weights = [size if counts else 0 for size, counts in zip(sizes, counting, strict=True)]
        if not any(weights):
            weights = [int(counts) for counts in counting]
        return split(points, weights) if points else [0] * len(lines)

    def points_without_receipt(self, line: Bought) -> int:
        """What such goods would earn today. The points of a visit stay: nobody knows which visit it was."""
        return 0 if self.facts["basis"] == Basis.VISIT else self.points_for([line])

    def quote(self, payable: int) -> Quote | None:
        """What its points can pay of ``payable`` minor units: whole steps, within the rule's share."""
        rule = self.facts["spend"]
        if not rule:
            return None
        steps = min(self.facts["points"] // rule["points"], payable * rule["share"] // 100 // rule["worth"])
        if steps <= 0 or steps * rule["points"] < rule["minimum"]:
            return None
        return Quote(steps * rule["points"], steps * rule["worth"])

    @property
    def spendable(self) -> bool:
        """Whether this card's points could pay some part of some bill."""
        rule = self.facts["spend"]
        return bool(rule) and self.facts["points"] >= max(rule["points"], rule["minimum"])

    @property
    def spending_says(self) -> str:
        """``Use points: 100 points = ¥1, up to 50% of the bill``"""
        rule = self.facts["spend"] or {}
        says = {"n": rule["points"], "worth": format_money(rule["worth"]), "share": rule["share"]}
        return _("Use points: %(n)d points = %(worth)s, up to %(share)d%% of the bill") % says

    @property
    def most(self) -> Quote | None:
        """What all the points on the card could pay of a bill that is large enough."""
        rule = self.facts["spend"]
        return self.quote(self.facts["points"] * rule["worth"] * 100) if rule else None

    @property
    def most_says(self) -> str:
        """``Use up to 300 points = ¥3``"""
        most = self.most
        says = {"n": most.points if most else 0, "worth": format_money(most.amount if most else 0)}
        return _("Use up to %(n)d points = %(worth)s") % says

    @property
    def level_title(self) -> str:
        return in_language(self.level.get("name", ""), self.level.get("name_en", ""))

    @property
    def says(self) -> str:
        """``1 point per ¥1, Gold ×1.5, today ×2``"""
        parts = [self._rule_says()]
        if self.level_multiplier > 100:
            parts.append(f"{self.level_title} ×{self.level_multiplier / 100:g}")
        if self.promotion > 100:
            parts.append(_("today ×%(times)s") % {"times": f"{self.promotion / 100:g}"})
        if self.discount:
            parts.append(_("%(percent)d%% off") % {"percent": self.discount})
        return ", ".join(parts)

    def _rule_says(self) -> str:
        facts = self.facts
        if facts["basis"] == Basis.AMOUNT:
            says = ngettext("%(n)d point per %(money)s", "%(n)d points per %(money)s", facts["rate"])
            unit = int(10**settings.CURRENCY_EXPONENT)
            return says % {"n": facts["rate"], "money": format_money(facts["every"] * unit)}
        if facts["basis"] == Basis.ITEM:
            return ngettext("%(n)d point per item", "%(n)d points per item", facts["each"]) % {
                "n": facts["each"]
            }
        return ngettext("%(n)d point per visit", "%(n)d points per visit", facts["each"]) % {
            "n": facts["each"]
        }


def today_of(merchant: Merchant) -> date:
    """The date on the merchant's calendar."""
    return timezone.localdate(timezone=ZoneInfo(merchant.zone))


def terms_today(card: Card) -> Terms:
    """Those of the merchant's today; a card looked up ``with_terms`` brings them along."""
    brought = getattr(card, "terms", None)
    if brought is not None:
        return Terms(brought, date.fromisoformat(brought["day"]))
    return terms_of(card, today_of(card.merchant))


def terms_of(card: Card, day: date) -> Terms:
    """Those of the day; a card looked up ``with_terms`` of that day brings them along."""
    brought = getattr(card, "terms", None)
    if brought is not None and brought["day"] == day.isoformat():
        return Terms(brought, day)
    with connection.cursor() as cursor:
        cursor.execute("SELECT loyalty_terms(%s, %s)", [card.pk, day])
        return Terms(json.loads(cursor.fetchone()[0]), day)

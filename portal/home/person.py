"""What the front page and the frame know about a signed-in person, in one query."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject

from consumers.models import Conversation
from coupons.models import Coupon
from loyalty.models import Account, Card, CardState, ValueKind
from merchants.models import StaffMember
from messaging.models import Message
from portal.kernel.models import User

MERCHANTS_SHOWN = 6


@dataclass(frozen=True)
class Person:
    """``card`` is the one used last: number, face, name, shop, points. ``merchants``: slug, name, role.

    ``unread`` in the inbox; ``letters``: conversations with something new.
    """

    merchants: list[dict[str, Any]]
    card: dict[str, Any] | None
    coupons: int
    unread: int
    letters: int

    @property
    def standing(self) -> tuple[bool, int]:
        """What the frame wants to know, see ``portal.home.context``."""
        return bool(self.merchants), self.unread


def person_of(user: User, moment: datetime) -> Person:
    merchants, cards, coupons, unread, letters = (
        User.objects.filter(pk=user.pk)
        .values_list(
            ArraySubquery(_workplaces()),
            ArraySubquery(_last_card()),
            _number_of(Coupon.objects.usable_at(moment).filter(customer__user=OuterRef("pk"))),
            _number_of(Message.objects.unread().filter(person=OuterRef("pk"))),
            _number_of(Conversation.objects.unread_by_person().filter(person=OuterRef("pk"))),
        )
        .get()
    )
    return Person(merchants, cards[0] if cards else None, coupons or 0, unread or 0, letters or 0)


def _number_of(rows: QuerySet[Any]) -> Subquery:
    counted = rows.order_by().annotate(one=F("pk") - F("pk")).values("one").annotate(number=Count("pk"))
    return Subquery(counted.values("number"))


def _workplaces() -> QuerySet[Any]:
    work = StaffMember.objects.current().filter(user=OuterRef("pk"), merchant__suspended_at=None)
    facts = JSONObject(slug="merchant__slug", name="merchant__name", role="role")
    return work.order_by("merchant__name", "pk").values(facts=facts)[:MERCHANTS_SHOWN]


def _last_card() -> QuerySet[Any]:
    points = Account.objects.filter(card=OuterRef("pk"), kind=ValueKind.POINTS).values("balance")
    facts = JSONObject(
        number="number",
        face="programme__face",
        name="programme__name",
        shop="merchant__name",
        points=Coalesce(Subquery(points[:1]), 0),
    )
    cards = Card.objects.filter(customer__user=OuterRef("pk"), state=CardState.ACTIVE)
    return cards.order_by(F("last_used_at").desc(nulls_last=True), "-joined_at").values(facts=facts)[:1]

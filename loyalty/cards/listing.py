"""A merchant's cards as its list shows them: sought, filtered, in one of three orders, paged by key."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import QueryDict

from loyalty.cards.numbers import normalise_number
from loyalty.models import Card, CardState
from merchants.models import Merchant
from portal.kernel.crypto import blind_indexes
from portal.kernel.forms import read_phone

IDLE_DAYS = 90
ORDERS = ("new", "used", "points")


@dataclass(frozen=True)
class Asked:
    """What the query string asks for; anything else is left out."""

    q: str = ""
    state: str = ""
    idle: bool = False
    order: str = "new"

    @classmethod
    def read(cls, query: QueryDict) -> "Asked":
        state, order = query.get("state", ""), query.get("sort", "")
        return cls(
            q=query.get("q", "").replace("\x00", "").strip()[:40],
            state=state if state in CardState.values else "",
            idle="idle" in query,
            order=order if order in ORDERS else "new",
        )

    @property
    def is_narrowed(self) -> bool:
        return bool(self.q or self.state or self.idle)

    def link(self, **changes: Any) -> str:
        """The same list otherwise: ``?…`` with empty wishes dropped."""
        now = {
            "q": self.q,
            "state": self.state,
            "idle": "1" if self.idle else "",
            "sort": "" if self.order == "new" else self.order,
        }
        wishes = {name: value for name, value in (now | changes).items() if value}
        return f"?{urlencode(wishes)}"


def cards_of(merchant: Merchant, asked: Asked, moment: datetime) -> QuerySet[Card]:
    """Unordered; ``rank`` is the number of points, for the order by them."""
    cards = Card.objects.of(merchant).in_full().annotate(rank=Coalesce(F("points_account__balance"), 0))
    if asked.state:
        cards = cards.filter(state=asked.state)
    if asked.idle:
        since = moment - timedelta(days=IDLE_DAYS)
        cards = cards.filter(Q(last_used_at__lt=since) | Q(last_used_at=None, joined_at__lt=since))
    return _sought(cards, asked.q) if asked.q else cards


def _sought(cards: QuerySet[Card], text: str) -> QuerySet[Card]:
    """A card number, one it had or one of an old card; a phone; or the last four digits of either."""
    if number := normalise_number(text):
        return cards.filter(Q(number=number) | Q(retired_codes__number=number)).distinct()
    if phone := read_phone(text):
        index = blind_indexes(phone)
        return cards.filter(Q(customer__phone_index__in=index) | Q(customer__user__phone_index__in=index))
    fits = Q(brought__number=text)
    if len(text) == 4 and text.isdecimal():
        fits |= Q(number__endswith=text) | Q(customer__phone_tail=text)
    return cards.filter(fits)


@dataclass(frozen=True)
class PageOfCards:
    rows: list[Card]
    more: str  # query string of the next ones


def by_points(cards: QuerySet[Any], asked: Asked, after: str, size: int = 50) -> PageOfCards:
    """The richest first; ``after`` is the points and key of the last one seen."""
    points, _mark, key = after.partition("_")
    if all(part.isascii() and part.isdigit() and len(part) < 19 for part in (points, key)):
        cards = cards.filter(Q(rank__lt=int(points)) | Q(rank=int(points), pk__lt=int(key)))
    ranks = list(cards.order_by("-rank", "-pk").values_list("pk", "rank")[: size + 1])
    here = ranks[:size]  # sorting all cards needs their points alone; names are read for one page
    found = {card.pk: card for card in Card.objects.in_full().filter(pk__in=[pk for pk, _rank in here])}
    rows = [found[pk] for pk, _rank in here]
    last = here[-1] if len(ranks) > size else None
    return PageOfCards(rows, asked.link(after=f"{last[1]}_{last[0]}").lstrip("?") if last else "")

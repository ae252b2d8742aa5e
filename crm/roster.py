"""Finding somebody on the roster by the digits people have at hand; names are sealed and not searched."""

import unicodedata
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import QueryDict

from crm.models import Tagging
from crm.regulars import late_regulars
from crm.tags import with_tags
from merchants.models import Customer, Merchant
from portal.kernel.forms import read_phone
from portal.kernel.money import plain_money

LONGEST = 40
AT_ONCE = 500  # names and numbers are sealed: opened by the hundred as the table is written


@dataclass(frozen=True)
class Asked:
    """How the roster is narrowed. ``q``: a whole phone number, its last four digits, or a card number as
    printed; ``tag``: the key of a tag, 0 for any.
    """

    q: str = ""
    late: bool = False
    tag: int = 0

    @classmethod
    def read(cls, said: QueryDict) -> "Asked":
        tag = said.get("tag", "")
        number = int(tag) if tag.isascii() and tag.isdigit() and len(tag) < 18 else 0
        return cls(said.get("q", "").replace("\x00", "")[:LONGEST].strip(), "late" in said, number)

    def pairs(self) -> list[tuple[str, str]]:
        said = [("q", self.q), ("late", "1" if self.late else ""), ("tag", str(self.tag or ""))]
        return [pair for pair in said if pair[1]]

    def link(self, **changes: Any) -> str:
        return urlencode(Asked(**asdict(self) | changes).pairs())


def roster_of(merchant: Merchant, asked: Asked, *, moment: datetime) -> QuerySet[Customer]:
    customers = late_regulars(merchant, moment) if asked.late else Customer.objects.of(merchant)
    customers = with_tags(customers.select_related("card"))
    if asked.tag:
        tagged = Tagging.objects.filter(merchant=merchant, tag=asked.tag)
        customers = customers.filter(pk__in=tagged.values("customer"))
    digits = "".join(unicodedata.normalize("NFKC", asked.q).split())
    if not digits:
        return customers
    if len(digits) == 4 and digits.isdecimal():
        return customers.filter(phone_tail=digits)
    if len(digits) == 12 and digits.isdecimal():
        return customers.filter(card__number=digits)
    phone = read_phone(asked.q)
    return customers.with_phone(phone) if phone else customers.none()  # type: ignore[attr-defined]


def without_card(customers: QuerySet[Customer]) -> QuerySet[Customer]:
    return customers.filter(card=None)


def lines_of(found: QuerySet[Customer], zone: str) -> Iterator[list[Any]]:
    """Lines for a spreadsheet, by when they became known; two questions for five hundred of them."""
    place, rows = ZoneInfo(zone), found.order_by("pk")
    last = 0
    while some := list(rows.filter(pk__gt=last)[:AT_ONCE]):
        for one in some:
            days = [_day(one.first_visit_at, place), _day(one.last_visit_at, place)]
            card = getattr(one, "card", None)
            known = [one.name, one.phone or "", one.visits, plain_money(one.spent), *days]
            tags = ", ".join(mark.tag.name for mark in one.taggings.all())
            yield [*known, card.number if card else "", tags]
        last = some[-1].pk


def _day(moment: datetime | None, place: ZoneInfo) -> str:
    return moment.astimezone(place).date().isoformat() if moment else ""

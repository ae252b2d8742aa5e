"""The coupon of a birthday greeting: handed out where the shop may see the day, offered where it may not."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import NAMESPACE_URL, uuid5

from django.db.models import Q

from coupons.actions import hand_out
from coupons.models import Coupon, CouponProgramme, Via
from merchants.models import Customer
from messaging.models import Channel, Choice, Mute, Purpose


@dataclass(frozen=True)
class GivenOut:
    """Persons by what their greeting says: nothing of a coupon, where to claim one, that they have it."""

    none: set[int]
    link: set[int]
    has: set[int]
    until: datetime | None = None  # what was handed out


def give_to(people: set[int], programme: CouponProgramme, on: date, moment: datetime) -> GivenOut:
    """Once for each birthday, with the offer's terms as they stand.

    A coupon in somebody's name tells the shop whom it greets. So it is handed out only to those whose day
    the shop knows; the others claim it by themselves, if they like. Who wants no greeting gets no coupon.
    """
    known = _whose_day_is_known(people, programme.merchant_id) - _unwilling(people, programme.merchant_id)
    keys = {one: uuid5(NAMESPACE_URL, f"birthday:{programme.merchant_id}:{on}:{one}") for one in known}
    has = hand_out(programme, keys, via=Via.INBOX, moment=moment)
    ours = Coupon.objects.filter(programme=programme, customer__user__in=has, key__in=keys.values())
    last = ours.order_by("valid_until").first() if has else None
    return GivenOut(known - has, people - known, has, last.last_moment if last else None)


def _whose_day_is_known(people: set[int], merchant: int) -> set[int]:
    """Shown by the person, or noted by the shop itself."""
    shown = Q(user__own_birthday__shown=True) | Q(user__own_birthday=None)
    rows = Customer.objects.filter(shown, merchant=merchant, user__in=people)
    return {one for one in rows.values_list("user", flat=True) if one}


def _unwilling(people: set[int], merchant: int) -> set[int]:
    """Silenced the shop, or want no greetings where everybody else reads them."""
    refused = Choice.objects.filter(
        person__in=people, purpose=Purpose.CARE, channel=Channel.INBOX, wanted=False
    )
    silenced = Mute.objects.filter(person__in=people, merchant_id=merchant)
    return {*refused.values_list("person", flat=True), *silenced.values_list("person", flat=True)}

"""Taking one of an offer's coupons: exact to the last piece, however many hands reach for it."""

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coupons.events import CouponClaimed
from coupons.groups import groups
from coupons.models import Coupon, CouponProgramme, Via
from merchants.actions import find_or_enrol_customer
from portal.kernel.codes import new_code
from portal.kernel.db import retry_on_deadlock
from portal.kernel.events import publish
from portal.kernel.models import User
from portal.kernel.refused import KeyReused, Refused


class NotClaimable(Refused):
    sentence = _("This offer can't be claimed now. See what else the shop has.")


class SoldOut(Refused):
    status = 409
    sentence = _("All coupons of this offer are gone.")


class ClaimedEnough(Refused):
    status = 409
    sentence = _("You already have as many of these coupons as one person can have. See your coupons.")


class NotYourLevel(Refused):
    sentence = _("This offer is for members of some levels. Ask the shop how to get there.")


class NotAmongThem(Refused):
    sentence = _(
        "This offer is for customers whom the shop has chosen. You are not among them at the moment."
    )


# In SQL, not through the ORM: a whole town may reach for one offer, and each claim is two statements.
CLAIM = "SELECT (made.coupon).*, made.outcome FROM coupons_claim(%s, %s, %s, %s, %s, %s) AS made"
TAKE_ONE = """
UPDATE coupons_couponprogramme SET claimed = claimed + 1
WHERE id = %s AND state = 'published' AND claimed < stock
"""


@retry_on_deadlock
@transaction.atomic
def claim_coupon(
    programme: CouponProgramme,
    user: User,
    *,
    key: UUID,
    via: Via = Via.LINK,
    moment: datetime | None = None,
) -> Coupon:
    """Give the person a coupon with the terms as they stand now. The same key claims once.

    Whether somebody is in the offer's segment is judged as they claim, and stays so until the commit.
    The database function ``coupons_claim`` looks without a lock and inserts; it answers with a word
    and the coupon. The programme's counter is moved last of all, so that the row everybody waits for
    is held for one commit only; when it is full, all the rest is rolled back.
    """
    moment = moment or timezone.now()
    if programme.terms.segment and not _admitted(programme, user, key, moment):
        raise NotAmongThem
    asked = [programme.pk, user.pk, key, new_code(), moment, via.value]
    (coupon,) = Coupon.objects.raw(CLAIM, asked)
    if coupon.outcome == "stranger":
        find_or_enrol_customer(programme.merchant, user=user, source="coupon")
        (coupon,) = Coupon.objects.raw(CLAIM, asked)
    if refusal := REFUSALS.get(coupon.outcome):
        raise refusal
    if coupon.outcome == "claimed":
        publish(
            CouponClaimed(
                coupon_id=coupon.pk,
                programme_id=programme.pk,
                merchant_id=coupon.merchant_id,
                customer_id=coupon.customer_id,
                user_id=user.pk,
            )
        )
        _take_one(programme)
    return coupon


def _admitted(programme: CouponProgramme, user: User, key: UUID, moment: datetime) -> bool:
    """Or has claimed with this key already: leaving the segment takes back nothing."""
    if groups().admit(programme.terms.segment or 0, [user.pk], moment=moment):
        return True
    return Coupon.objects.filter(programme=programme, customer__user=user, key=key).exists()


def _take_one(programme: CouponProgramme) -> None:
    """One off the stock, by a condition and not by what was read before."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE_ONE, [programme.pk])
        if not cursor.rowcount:
            raise SoldOut


REFUSALS: dict[str, type[Refused]] = {
    "closed": NotClaimable,
    "sold out": SoldOut,
    "level": NotYourLevel,
    "enough": ClaimedEnough,
    "reused": KeyReused,
}

"""A shop cancels a coupon that somebody holds: with a reason, which the holder reads."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coupons.events import CouponRevoked
from coupons.models import Coupon, CouponState, Present
from portal.kernel.db import retry_on_deadlock
from portal.kernel.events import publish
from portal.kernel.models import User
from portal.kernel.refused import Refused


class UsedAlready(Refused):
    status = 409
    sentence = _("This coupon has been used up. Undo its use first.")


class SayWhy(Refused):
    sentence = _("Say why: its holder reads it.")


@retry_on_deadlock
@transaction.atomic
def revoke_coupon(coupon: Coupon, *, by: User, reason: str, moment: datetime | None = None) -> Coupon:
    """From now on it works nowhere. What was used of it stays used. Cancelling twice is once."""
    moment, reason = moment or timezone.now(), reason.strip()
    coupon = Coupon.objects.hold(coupon.pk)
    if coupon.state == CouponState.REVOKED:
        return coupon
    if coupon.state == CouponState.REDEEMED:
        raise UsedAlready
    if not reason:
        raise SayWhy
    Present.objects.open().filter(coupon=coupon).update(withdrawn_at=moment)
    facts = {"revoked_at": moment, "revoked_by": by, "revoke_reason": reason[:120]}
    Coupon.objects.filter(pk=coupon.pk).update(
        state=CouponState.REVOKED, held_until=None, hold_key=None, **facts
    )
    publish(CouponRevoked(coupon_id=coupon.pk, merchant_id=coupon.merchant_id))
    coupon.refresh_from_db()
    return coupon

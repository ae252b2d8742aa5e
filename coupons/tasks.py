"""What holders are told of their coupons, and what is tidied away."""

from datetime import datetime, timedelta

from celery import shared_task
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coupons.actions import forget_glances, let_go_of_lapsed
from coupons.events import CouponRevoked, PaperOrderMoved
from coupons.models import Coupon, CouponState, PaperOrder
from coupons.printing import SHEETS, draw_sheets
from merchants.models.print_order import OrderState
from merchants.print_orders import tell_of_order
from messaging.actions import tell
from messaging.kinds import Kind, register
from messaging.models import Purpose
from portal.kernel.events import subscribe
from portal.kernel.jobs import job_kind

NOTICE = timedelta(days=3)
AT_ONCE = 500

ENDING = register(
    Kind(
        name="coupons.ending",
        purpose=Purpose.COUPONS,
        title=_("Your coupon of %(merchant)s ends soon"),
        body=_("“%(coupon)s” can be used until %(until)s."),
    )
)
REVOKED = register(
    Kind(
        name="coupons.revoked",
        purpose=Purpose.COUPONS,
        title=_("%(merchant)s has cancelled your coupon"),
        body=_("“%(coupon)s” can’t be used any more. The shop says: %(reason)s"),
    )
)

ORDERS: dict[str, Kind] = {
    OrderState.PRINTING: register(
        Kind(
            name="coupons.paper_order_printing",
            purpose=Purpose.ACCOUNT,
            title=_("Your paper coupons are in print"),
            body=_("%(quantity)s coupons. We tell you when the parcel leaves."),
        )
    ),
    OrderState.SENT: register(
        Kind(
            name="coupons.paper_order_sent",
            purpose=Purpose.ACCOUNT,
            title=_("Your paper coupons are on their way"),
            body=_("%(quantity)s coupons. Say on the page of the batch when they are there."),
        )
    ),
    OrderState.REFUSED: register(
        Kind(
            name="coupons.paper_order_refused",
            purpose=Purpose.ACCOUNT,
            title=_("We can’t print your coupons"),
            body=_("The reason: %(reason)s"),
        )
    ),
}


def tell_what_ends(moment: datetime) -> int:
    """Once for each coupon, in its last three days; not for one that was never to last longer.

    A run that was missed is made up by the next one; a coupon that is over is no news.
    """
    ending = (
        Coupon.objects.filter(
            state__in=(CouponState.CLAIMED, CouponState.RETURNED),
            valid_until__gt=moment,
            valid_until__lte=moment + NOTICE,
            customer__user__isnull=False,
        )
        .select_related("programme__merchant", "customer__user")
        .order_by("pk")
    )
    told = 0
    for coupon in ending.iterator(chunk_size=AT_ONCE):
        if coupon.valid_until - coupon.claimed_at > NOTICE and coupon.customer and coupon.customer.user:
            _tell(coupon, ENDING, f"coupon:{coupon.pk}:ends", until=coupon.last_moment)
            told += 1
    return told


def _tell(coupon: Coupon, kind: Kind, occurrence: str, **facts: object) -> None:
    if coupon.customer and coupon.customer.user:
        tell(
            coupon.customer.user,
            kind,
            occurrence=occurrence,
            url=reverse("coupons:ticket", args=[coupon.token]),
            useless_after=coupon.valid_until,
            merchant_id=coupon.merchant_id,
            merchant=coupon.programme.merchant.name,
            coupon=coupon.title,
            **facts,
        )


@subscribe(CouponRevoked)
def say_why_it_was_cancelled(event: CouponRevoked) -> None:
    coupon = Coupon.objects.select_related("programme__merchant", "customer__user").get(pk=event.coupon_id)
    _tell(coupon, REVOKED, f"coupon:{coupon.pk}:revoked", reason=coupon.revoke_reason)


@subscribe(PaperOrderMoved)
def say_how_the_order_stands(event: PaperOrderMoved) -> None:
    order = PaperOrder.objects.select_related("asked_by", "batch__programme", "merchant").get(
        pk=event.order_id
    )
    named = [order.merchant.slug, order.batch.programme.token, order.batch.token]
    tell_of_order(order, ORDERS, to=event.state, page=reverse("coupons:paper_batch", args=named))


@shared_task
def tell_of_ending_coupons() -> int:
    return tell_what_ends(timezone.now())


@shared_task
def let_go() -> int:
    return let_go_of_lapsed(timezone.now())


@shared_task
def forget_who_was_counted() -> int:
    """Two days back, for the day ends elsewhere first or last."""
    return forget_glances(before=timezone.now().date() - timedelta(days=1))


job_kind(SHEETS, _("Sheets of paper coupons"))(draw_sheets)

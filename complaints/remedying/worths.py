"""What a remedy costs who gives it, in minor units: worked out where the books know, so that limits hold."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from complaints.models import Complaint, Remedy, RemedyKind, RemedyState
from complaints.refusals import NotGiveable
from loyalty.models import Card, CardState
from loyalty.terms import terms_of
from orders.returning import left_of
from portal.kernel.money import format_money

POINT_WITHOUT_PRICE = 1  # a minor unit for each point of a programme whose points pay no bills

NO_MERCHANT = _("the place belongs to no merchant on the portal")
NO_CARD = _("the person has no member card there")
WHICH_LINE = _("choose which line of the purchase")
NO_POINTS = _("say how many points")
NO_COUPON = _("choose one of the merchant’s offers that can be claimed now")
UNKNOWN_WORTH = _("the offer doesn’t say what it takes off at most")


def card_of(complaint: Complaint) -> Card | None:
    """The person's card of the case's merchant."""
    if complaint.merchant_id is None:
        return None
    held = Card.objects.filter(customer__user=complaint.person_id, merchant=complaint.merchant_id)
    usable = held.exclude(state=CardState.CLOSED).select_related("customer", "programme", "merchant")
    return usable.order_by("-pk").first()


def worth_of(remedy: Remedy, said: int, moment: datetime) -> int:
    """``said`` counts for what no book has a price for. Refuses what the case can't be given."""
    if remedy.kind == RemedyKind.APOLOGY:
        return 0
    if remedy.complaint.merchant_id is None:
        raise NotGiveable(because=NO_MERCHANT)
    if remedy.line and remedy.line.purchase_id != remedy.complaint.purchase_id:
        raise NotGiveable(because=WHICH_LINE)
    if remedy.kind == RemedyKind.POINTS:
        return _of_points(remedy, moment)
    if remedy.kind == RemedyKind.COUPON:
        return _of_coupon(remedy, moment)
    if remedy.kind == RemedyKind.REFUND:
        return _of_refund(remedy, said)
    return max(said, remedy.line.paid if remedy.line else 0)


def _of_points(remedy: Remedy, moment: datetime) -> int:
    """By what points pay; rounded up."""
    card = card_of(remedy.complaint)
    if card is None:
        raise NotGiveable(because=NO_CARD)
    if remedy.points <= 0:
        raise NotGiveable(because=NO_POINTS)
    day = moment.astimezone(ZoneInfo(remedy.complaint.shop.time_zone)).date()
    if rule := terms_of(card, day).facts["spend"]:
        return -(-remedy.points * int(rule["worth"]) // int(rule["points"]))
    return remedy.points * POINT_WITHOUT_PRICE


def _of_coupon(remedy: Remedy, moment: datetime) -> int:
    programme = remedy.programme
    if programme is None or programme.merchant_id != remedy.merchant_id:
        raise NotGiveable(because=NO_COUPON)
    if programme.stage_at(moment) != "claimable":
        raise NotGiveable(because=NO_COUPON)
    most = programme.amount_off or programme.most_off
    if not most:
        raise NotGiveable(because=UNKNOWN_WORTH)
    return most * programme.uses


def _of_refund(remedy: Remedy, said: int) -> int:
    """Of one line of the purchase at most what is left of it; without a purchase what was said."""
    purchase = remedy.complaint.purchase
    if purchase is None:
        return said
    if remedy.line is None:
        lines = list(purchase.lines.order_by("pk")[:2])
        if len(lines) != 1:
            raise NotGiveable(because=WHICH_LINE)
        remedy.line = lines[0]
    promised = Remedy.objects.filter(line=remedy.line, kind=RemedyKind.REFUND)
    waiting = promised.filter(state__in=(RemedyState.PROPOSED, RemedyState.PROMISED))
    left = left_of(purchase, remedy.line).line - sum(waiting.values_list("worth", flat=True))
    if said > left:
        because = _("of this line %(left)s can still be paid back") % {"left": format_money(left, exact=True)}
        raise NotGiveable(because=because)
    return said

"""The bill for which a customer was asked to use points waits in the till's session for the answer."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest

from loyalty.models import Approval
from orders.finding import Basket, held_by_counter

PLACE, KEPT = "points-asked", 5  # bills at once: more customers don't stand at one till


def remember_asked(request: HttpRequest, approval: Approval, bill: int, coupon: str) -> None:
    bills = request.session.get(PLACE, {}) | {approval.token: [bill, coupon]}
    request.session[PLACE] = dict(list(bills.items())[-KEPT:])


def _asked(request: HttpRequest, basket: Basket) -> tuple[int, str] | None:
    asked = basket.approval and request.session.get(PLACE, {}).get(basket.approval.token)
    return (asked[0], asked[1]) if asked else None


def bill_asked_for(request: HttpRequest, basket: Basket) -> dict[str, Any]:
    """The bill, and that its points are to be used."""
    asked = _asked(request, basket)
    return {"bill": asked[0], "use_points": True} if asked else {}


def with_what_was_asked(request: Any, basket: Basket) -> Basket:
    """The coupon that lay on the counter then lies there again."""
    asked = _asked(request, basket)
    if asked is None or not asked[1] or basket.coupon:
        return basket
    return replace(basket, coupon=held_by_counter(request.merchant, "", asked[1]).coupon)


def forget_asked(request: HttpRequest, basket: Basket) -> None:
    if _asked(request, basket) and basket.approval:
        bills = request.session[PLACE]
        del bills[basket.approval.token]
        request.session[PLACE] = bills

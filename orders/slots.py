"""What orders has to say where lower apps ask: on their pages, and when customers are merged."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from loyalty.models import Approval, Card
from merchants.trust.along import goes_along
from orders.models import Purchase, Return
from portal.kernel.slots import fills

goes_along(Purchase, of="customer")
goes_along(Return, of="customer")


@fills("card.counter")
def to_top_up(request: HttpRequest, *, card: Card, **inputs: Any) -> str:
    """From a member's page to the counter: money onto the card."""
    return render_to_string("orders/top_up_slot.html", {"card": card, "request": request}, request)


@fills("approval.approved")
def on_to_the_counter(request: HttpRequest, *, approval: Approval, **inputs: Any) -> str:
    """The customer has agreed: the counter takes it from there."""
    return render_to_string("orders/approved_slot.html", {"approval": approval, "request": request}, request)

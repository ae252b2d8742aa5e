"""The visit passes on one's card: what is left, every visit, having one refunded."""

from functools import partial

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from consumers.web.mine import my_card
from loyalty.models import Entry, Refund, ValueKind, VisitPass
from loyalty.web.refunding import refund_pass_page
from orders.online import sells_to
from portal.kernel.access import SignedInRequest, allow, signed_in
from portal.kernel.web import page_of, render_page


@allow(GET=signed_in)
def passes(request: SignedInRequest, token: str) -> HttpResponse:
    """Each pass, and every step of the visits."""
    card, now = my_card(request, token), timezone.now()
    steps = Entry.objects.filter(account__card=card, account__kind=ValueKind.VISITS).select_related("shop")
    context = {
        "card": card,
        "sells_online": sells_to(card),
        "passes": [(one, one.left_at(now)) for one in VisitPass.objects.on(card)[:50]],
        "refunds": Refund.objects.on(card).exclude(visit_pass=None).select_related("visit_pass")[:5],
        "steps": page_of(steps.order_by("-pk"), request),
    }
    return render_page(request, "consumers/visit_passes.html", context, fragment="steps")


@allow(GET=signed_in, POST=signed_in)
def refund(request: SignedInRequest, token: str, held: str) -> HttpResponse:
    """The holder has a pass refunded."""
    card = my_card(request, token)
    mine = get_object_or_404(VisitPass.objects.in_full().filter(card=card), token=held)
    then = partial(redirect, "consumers:visit_passes", token)
    return refund_pass_page(request, mine, "consumers/refund_pass.html", by=request.user, then=then)

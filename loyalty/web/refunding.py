"""A refund of a card's money or of a pass: one way, walked by its holder and by the shop."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from loyalty import actions
from loyalty.models import Card, VisitPass
from loyalty.value.quoting import quote_of
from loyalty.web.money_forms import RefundForm
from portal.kernel.models import User
from portal.kernel.refused import Refused
from portal.kernel.web import render_page


def refund_page(
    request: HttpRequest, card: Card, template: str, *, by: User, then: Callable[[], HttpResponse]
) -> HttpResponse:
    """The quote, line by line; confirming it makes the shop owe the sum, and ``then`` answers."""
    form = RefundForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.refund_card(card, by=by, **form.cleaned_data)
            return then()
        except Refused as refusal:
            form.add_error(None, str(refusal))
    quote = quote_of(card, timezone.now())
    errors = [str(error) for error in form.non_field_errors()] if form.is_bound else []
    fresh = RefundForm.fresh(initial={"quoted": quote.amount})
    context = {"card": card, "quote": quote, "form": fresh, "errors": errors}
    return render_page(request, template, context, status=422 if errors else 200)


def refund_pass_page(
    request: HttpRequest, held: VisitPass, template: str, *, by: User, then: Callable[[], HttpResponse]
) -> HttpResponse:
    """The same for a pass: what its visits have earned is the shop's, the rest goes back."""
    form, errors = RefundForm(request.POST or None), []
    if request.method == "POST" and form.is_valid():
        try:
            actions.refund_pass(held, by=by, **form.cleaned_data)
            return then()
        except Refused as refusal:
            errors = [str(refusal)]
            held = VisitPass.objects.in_full().get(pk=held.pk)
    left = held.left_at(timezone.now())
    context = {
        "held": held,
        "card": held.card,
        "left": left,
        "used": held.visits - held.lot.remaining,
        "earned": held.paid - held.unearned,
        "form": RefundForm.fresh(initial={"quoted": held.unearned}),
        "errors": errors,
    }
    return render_page(request, template, context, status=422 if errors else 200)

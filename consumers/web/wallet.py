"""The wallet: a person's member cards, readable without a network once they were seen."""

from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from loyalty.models import Account, Card, Entry, Lot
from portal.kernel.access import SignedInRequest, allow, signed_in
from portal.kernel.web import render_page

ROWS = 20


@allow(GET=signed_in)
def cards(request: SignedInRequest) -> HttpResponse:
    """All of the person's cards, the one used last on top."""
    mine = Card.objects.held_by(request.user).in_full()
    context = {"cards": mine.order_by(F("last_used_at").desc(nulls_last=True), "-pk"), "now": timezone.now()}
    return render_page(request, "consumers/cards.html", context)


@allow(GET=signed_in)
def card(request: SignedInRequest, token: str) -> HttpResponse:
    """One card: its points, when the next ones expire, and every step that made the balance."""
    mine = _mine(request, token)
    account = Account.objects.points_of(mine)
    before = request.GET.get("before", "")
    last = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    rows = list(Entry.objects.statement(account, before=last).select_related("shop")[: ROWS + 1])
    context = {
        "card": mine,
        "rows": rows[:ROWS],
        "more": rows[ROWS - 1].pk if len(rows) > ROWS else None,
        "expiring": Lot.objects.next_to_lapse(account, timezone.now()),
        "now": timezone.now(),
    }
    return render_page(request, "consumers/card.html", context, fragment="statement")


@allow(GET=signed_in)
def code(request: SignedInRequest, token: str) -> HttpResponse:
    """The code alone, as large as the screen allows."""
    context = {"card": _mine(request, token), "now": timezone.now()}
    return render_page(request, "consumers/card_code.html", context)


def _mine(request: SignedInRequest, token: str) -> Card:
    return get_object_or_404(Card.objects.held_by(request.user).in_full(), token=token)

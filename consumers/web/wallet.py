"""The wallet: a person's member cards, readable without a network once they were seen."""

from typing import Any

from django.contrib import messages
from django.db.models import F
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from loyalty import actions
from loyalty.models import Account, Card, EntryKind, Lot, StoredValueTerms
from loyalty.statement import page_of_statement, whole_statement
from portal.kernel.access import SignedInRequest, allow, signed_in
from portal.kernel.refused import Refused
from portal.kernel.sheets import csv_lines
from portal.kernel.web import render_page


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
    context = {
        "card": mine,
        "statement": page_of_statement(account, request.GET.get("before", "")),
        **_money(mine),
        "own_freeze": mine.frozen_by_id == request.user.pk,
        "expiring": Lot.objects.next_to_lapse(account, timezone.now()),
        "now": timezone.now(),
    }
    return render_page(request, "consumers/card.html", context, fragment="statement")


def _money(card: Card) -> dict[str, Any]:
    accounts = list(Account.objects.money().filter(card=card).good_at(timezone.now()))
    terms = StoredValueTerms.objects.filter(programme=card.programme_id).first()
    return {"accounts": accounts, "balance": sum(one.good for one in accounts), "terms": terms}


@allow(GET=signed_in)
def code(request: SignedInRequest, token: str) -> HttpResponse:
    """The code alone, as large as the screen allows."""
    context = {"card": _mine(request, token), "now": timezone.now()}
    return render_page(request, "consumers/card_code.html", context)


def _mine(request: SignedInRequest, token: str) -> Card:
    return get_object_or_404(Card.objects.held_by(request.user).in_full(), token=token)


@allow(POST=signed_in)
def freeze(request: SignedInRequest, token: str) -> HttpResponse:
    """The phone is lost: nobody uses the card until its holder releases it."""
    actions.freeze(_mine(request, token), by=request.user)
    messages.success(request, _("The card is frozen."))
    return redirect("consumers:card", token)


@allow(POST=signed_in)
def release(request: SignedInRequest, token: str) -> HttpResponse:
    try:
        actions.release(_mine(request, token), by=request.user)
        messages.success(request, _("The card works again."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("consumers:card", token)


@allow(GET=signed_in)
def statement(request: SignedInRequest, token: str) -> StreamingHttpResponse:
    """Every step of the card as a file, sent while it is read."""
    mine = _mine(request, token)
    head = [_("When"), _("What"), _("Points"), _("Balance"), _("Shop"), _("Note")]
    zone, words = timezone.get_current_timezone(), {kind.value: str(kind.label) for kind in EntryKind}
    rows = (
        [
            entry.created_at.astimezone(zone).isoformat(" ", "minutes"),
            words[entry.kind],
            entry.amount,
            entry.balance_after,
            entry.shop.title if entry.shop else "",
            entry.note,
        ]
        for entry in whole_statement(mine)
    )
    answer = StreamingHttpResponse(csv_lines(head, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{mine.number}.csv"'
    return answer

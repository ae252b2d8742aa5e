"""The wallet: a person's member cards, readable without a network once they were seen."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.gis.db.models.functions import AsWKT
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consumers.web.mine import my_card
from loyalty import actions
from loyalty.levels import progress_of
from loyalty.models import MONEY, Account, Card, CardKey, EntryKind, Lot, ValueKind, VisitPass
from loyalty.value.statement import Only, page_of_statement, whole_statement
from merchants.models import Shop
from orders.online import sells_to
from portal.kernel.access import SignedInRequest, allow, signed_in
from portal.kernel.codes import code_url
from portal.kernel.forms import CleanTextMixin
from portal.kernel.refused import Refused
from portal.kernel.sheets import csv_lines
from portal.kernel.web import render_page

STEPS = (
    EntryKind.EARNED,
    EntryKind.SPENT,
    EntryKind.REVERSED,
    EntryKind.EXPIRED,
    EntryKind.ADJUSTED,
    EntryKind.OPENING,
)
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


@allow(GET=signed_in)
def cards(request: SignedInRequest) -> HttpResponse:
    """All of the person's cards, the one used last on top; the phone may put the nearest before it."""
    mine = Card.objects.held_by(request.user).in_full().with_visits(timezone.now())
    shops = Shop.objects.filter(merchant=OuterRef("merchant"), closed_at=None).exclude(location=None)
    mine = mine.annotate(places=ArraySubquery(shops.values_list(AsWKT("location"))))
    mine = mine.order_by(F("last_used_at").desc(nulls_last=True), "-pk")
    context = {"cards": mine, "now": timezone.now()}
    return render_page(request, "consumers/cards.html", context)


class LedgerForm(CleanTextMixin):
    """Which steps of a card's life are looked for."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What"),
        required=False,
        choices=[("", gettext_lazy("Everything")), *((kind.value, kind.label) for kind in STEPS)],
    )
    since = forms.DateField(label=gettext_lazy("From"), required=False, widget=DAY)
    until = forms.DateField(label=gettext_lazy("To"), required=False, widget=DAY)

    def only(self) -> Only:
        """What it asks for; what can't be read is left out."""
        self.is_valid()
        asked = self.cleaned_data
        zone = timezone.get_current_timezone()
        return Only(
            kind=asked.get("kind") or "", since=asked.get("since"), until=asked.get("until"), zone=zone
        )


@allow(GET=signed_in)
def card(request: SignedInRequest, token: str) -> HttpResponse:
    """One card: its points, when the next ones expire, and every step that made the balance."""
    mine, now = my_card(request, token), timezone.now()
    accounts = {one.kind: one for one in Account.objects.filter(card=mine).good_at(now)}
    account = accounts[ValueKind.POINTS]
    held = VisitPass.objects.on(mine).good_at(now)[:5] if ValueKind.VISITS in accounts else ()
    ledger = LedgerForm(request.GET)
    kept = {name: request.GET[name] for name in ledger.fields if request.GET.get(name)}
    context = {
        "card": mine,
        **_money(mine, [one for kind, one in accounts.items() if kind in MONEY]),
        "statement": page_of_statement(account, request.GET.get("before", ""), only=ledger.only()),
        "ledger": ledger,
        "kept": urlencode(kept),
        "progress": progress_of(mine, moment=now),
        "passes": [(one, one.left_at(now)) for one in held],
        "has_passes": ValueKind.VISITS in accounts,
        "sells_online": sells_to(mine),
        "own_freeze": mine.frozen_by_id == request.user.pk,
        "waiting": Lot.objects.waiting(account, now)[:20],
        "expiring": Lot.objects.next_to_lapse(account, now),
        "now": now,
    }
    return render_page(request, "consumers/card.html", context, fragment="statement")


def _money(card: Card, accounts: list[Account]) -> dict[str, Any]:
    terms = getattr(card.programme, "stored_value", None)
    return {"accounts": accounts, "balance": sum(one.good for one in accounts), "terms": terms}


@allow(GET=signed_in)
def code(request: SignedInRequest, token: str) -> HttpResponse:
    """The code alone, as large as the screen allows; the phone makes a new one each minute."""
    keys = CardKey.objects.live().filter(card=OuterRef("pk")).values("pk")
    cards = Card.objects.held_by(request.user).in_full().annotate(live_keys=ArraySubquery(keys))
    mine: Any = get_object_or_404(cards, token=token)
    context = {
        "card": mine,
        "code_url": code_url(mine.token),
        "live": " ".join(map(str, mine.live_keys)),
        "now": timezone.now(),
    }
    return render_page(request, "consumers/card_code.html", context)


@allow(POST=signed_in)
def freeze(request: SignedInRequest, token: str) -> HttpResponse:
    """The phone is lost: nobody uses the card until its holder releases it."""
    actions.freeze(my_card(request, token), by=request.user)
    messages.success(request, _("The card is frozen."))
    return redirect("consumers:card", token)


@allow(POST=signed_in)
def release(request: SignedInRequest, token: str) -> HttpResponse:
    try:
        actions.release(my_card(request, token), by=request.user)
        messages.success(request, _("The card works again."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("consumers:card", token)


@allow(GET=signed_in)
def statement(request: SignedInRequest, token: str) -> StreamingHttpResponse:
    """Every step of the card as a file, sent while it is read."""
    mine = my_card(request, token)
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
        for entry in whole_statement(mine, LedgerForm(request.GET).only())
    )
    answer = StreamingHttpResponse(csv_lines(head, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{mine.number}.csv"'
    return answer

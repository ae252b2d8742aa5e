"""A counter asks a holder to agree: on the own phone, or on the shop's screen turned around."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from loyalty import actions
from loyalty.cards.numbers import normalise_number
from loyalty.disagreeing import AskForSomething
from loyalty.keypad import keys_of
from loyalty.models import Approval, Card, Pin, Stage, Value, Way
from loyalty.pins import LENGTH
from merchants.models import Role
from merchants.web.access import MerchantRequest, merchant_staff
from portal.kernel.access import allow
from portal.kernel.forms import CleanTextMixin, KeyedForm
from portal.kernel.money import MoneyField
from portal.kernel.refused import Refused
from portal.kernel.web import render_page

cashier = merchant_staff(Role.CASHIER)


class AskForm(KeyedForm):
    """Whose card, how much, at which shop's till."""

    card = forms.CharField(label=_("Card number"), max_length=20)
    value = forms.ChoiceField(
        label=_("What to take"), choices=Value.choices, initial=Value.MONEY, widget=forms.RadioSelect
    )
    amount = MoneyField(label=_("Amount"), least=1)
    shop: Any = forms.ModelChoiceField(label=_("Shop"), queryset=None, to_field_name="slug", empty_label=None)

    def __init__(self, *args: Any, shops: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["shop"].queryset = shops  # type: ignore[attr-defined]
        self.fields["card"].widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}
        self.initial.setdefault("shop", shops.first())


class PlacesForm(CleanTextMixin):
    """Which keys were tapped, by their places; the digits on them are the server's alone."""

    turn = forms.IntegerField(min_value=0, max_value=30_000)

    def places(self) -> str:
        typed = [str(self.data.get(f"place{number}", "")) for number in range(LENGTH)]
        return "".join(place for place in typed if len(place) == 1)


@allow(GET=cashier, POST=cashier)
def ask(request: MerchantRequest, merchant: str) -> HttpResponse:
    """What the customer is to agree to. A till that knows card and amount sends them here by itself."""
    shops = request.merchant.shops.filter(closed_at=None).order_by("name", "pk")
    given = {name: request.GET[name] for name in ("card", "amount", "value") if name in request.GET}
    if request.method == "GET":
        return _asking(request, AskForm.fresh(shops=shops, initial=given))
    form = AskForm(_sent(request), shops=shops)
    if form.is_valid():
        data = form.cleaned_data
        try:
            asked = _ask(request, _card(request, data["card"]), data)
            return redirect("loyalty:approval", merchant, asked.token)
        except Card.DoesNotExist:
            form.add_error("card", _("No card of this shop has this number."))
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _asking(request, form)


def _sent(request: MerchantRequest) -> QueryDict:
    """Beside a pass at the counter the amount is as many visits as were chosen there."""
    sent = request.POST.copy()
    if "visits" in sent:
        sent["amount"] = str(sent["visits"])
    return sent


def _ask(request: MerchantRequest, card: Card, data: dict[str, Any]) -> Approval:
    value, amount = Value(data["value"]), data["amount"]
    if value != Value.MONEY:
        amount, part = divmod(amount, 10**settings.CURRENCY_EXPONENT)
        if part:
            raise AskForSomething(_("Points and visits are whole numbers."))
    return actions.ask_approval(
        card, amount, value=value, shop=data["shop"], key=data["key"], by=request.user, moment=timezone.now()
    )


def _card(request: MerchantRequest, typed: str) -> Card:
    """By the token that a scan gave or the number that somebody typed. Raises Card.DoesNotExist."""
    cards = Card.objects.of(request.merchant).in_full()
    return cards.get(number=normalise_number(typed)) if typed.isdecimal() else cards.get(token=typed)


def _asking(request: MerchantRequest, form: AskForm) -> HttpResponse:
    status = 422 if form.errors else 200
    return render_page(request, "loyalty/ask_approval.html", {"form": form}, status=status)


@allow(GET=cashier)
def approval(request: MerchantRequest, merchant: str, token: str) -> HttpResponse:
    """How it stands: waiting for the customer, approved, declined, expired, used."""
    return _show(request, _ours(request, token))


@allow(POST=cashier)
def withdraw(request: MerchantRequest, merchant: str, token: str) -> HttpResponse:
    """The counter takes the question back."""
    actions.decline(_ours(request, token), by=request.user, moment=timezone.now())
    return redirect("loyalty:approval", merchant, token)


@sensitive_post_parameters()
@allow(GET=cashier, POST=cashier)
def keypad(request: MerchantRequest, merchant: str, token: str) -> HttpResponse:
    """The customer's own six taps on this screen, turned around: the form sends places, never digits."""
    asked, form = _ours(request, token), PlacesForm(request.POST)
    if asked.shop is None:
        raise Http404  # a pay code is agreed to already
    if request.method == "GET" or not form.is_valid():
        return _keys(request, asked)
    try:
        actions.approve_on_screen(
            asked,
            form.places(),
            turn=form.cleaned_data["turn"],
            by=request.user,
            shop=asked.shop,
            moment=timezone.now(),
        )
        return redirect("loyalty:approval", merchant, token)
    except Refused as refusal:
        return _keys(request, _ours(request, token), refusal)


def _keys(request: MerchantRequest, asked: Approval, refusal: Refused | None = None) -> HttpResponse:
    moment = timezone.now()
    if asked.stage(moment) != Stage.ASKED:
        return redirect("loyalty:approval", request.merchant.slug, asked.token)
    context = {
        "approval": asked,
        "keys": list(enumerate(keys_of(asked))),
        "rounds": range(LENGTH),
        "refusal": refusal,
        "moment": moment,
    }
    status = refusal.status if refusal else 200
    return render_page(request, "loyalty/keypad.html", context, fragment="keypad", status=status)


def _ours(request: MerchantRequest, token: str) -> Approval:
    return get_object_or_404(Approval.objects.of(request.merchant), token=token)


def _show(request: MerchantRequest, asked: Approval) -> HttpResponse:
    moment = timezone.now()
    stage = asked.stage(moment)
    context = {
        "approval": asked,
        "stage": stage,
        "waits": stage == Stage.ASKED,
        "on_screen": asked.way == Way.SCREEN,
        "has_pin": Pin.objects.filter(card=asked.card_id).exists(),
        "moment": moment,
    }
    return render_page(request, "loyalty/approval.html", context, fragment="approval")

"""Paying with what a card holds: the holder sees merchant and amount on the own phone before the PIN."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from consumers.web.mine import my_card
from consumers.web.pin import SixDigits
from loyalty import actions
from loyalty.actions.approvals import spendable
from loyalty.models import Approval, Card, Pin, Stage, Value
from loyalty.models.approval import said
from portal.kernel.access import SignedInRequest, allow, signed_in
from portal.kernel.forms import CleanTextMixin, KeyedForm
from portal.kernel.refused import Refused
from portal.kernel.web import render_page


class PayCodeForm(KeyedForm):
    """What to pay with, and the PIN."""

    value = forms.ChoiceField(label=_("Pay with"), widget=forms.RadioSelect)
    pin = SixDigits(label=_("PIN"))

    def __init__(self, *args: Any, held: dict[Value, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(value.value, value.label) for value in held]
        self.fields["value"].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.fields["value"].widget = forms.HiddenInput()
        self.initial.setdefault("value", choices[0][0] if choices else "")


class AnswerForm(CleanTextMixin):
    pin = SixDigits(label=_("PIN"))


@sensitive_post_parameters()
@allow(GET=signed_in, POST=signed_in)
def pay(request: SignedInRequest, token: str) -> HttpResponse:
    """What a counter asks this card for just now; else a code to pay with, once the PIN is typed."""
    card, moment = my_card(request, token), timezone.now()
    held = {value: most for value in Value if (most := spendable(card, value, moment)) > 0}
    if request.method == "GET":
        return _show(request, card, PayCodeForm.fresh(held=held), held)
    form = PayCodeForm(request.POST, held=held)
    if form.is_valid():
        data = form.cleaned_data
        try:
            began = actions.start_pay_code(
                card, data["pin"], value=Value(data["value"]), key=data["key"], by=request.user, moment=moment
            )
            return redirect("consumers:approval", token, began.token)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _show(request, card, form, held)


def _show(request: SignedInRequest, card: Card, form: PayCodeForm, held: dict[Value, int]) -> HttpResponse:
    moment = timezone.now()
    context = {
        "card": card,
        "form": form,
        "held": [{"label": value.label, "says": said(value, most)} for value, most in held.items()],
        "answer": AnswerForm(),
        "pin": Pin.objects.filter(card=card).first(),
        "asked": Approval.objects.on(card).waiting_at(moment).first(),
        "live": Approval.objects.on(card).filter(is_exact=False).usable_at(moment).first(),
        "moment": moment,
    }
    status = 422 if form.errors else 200
    return render_page(request, "consumers/pay.html", context, fragment="asked", status=status)


@allow(GET=signed_in)
def approval(request: SignedInRequest, token: str, approval: str) -> HttpResponse:
    """One payment: waiting for the PIN, ready to be scanned, paid, declined or expired."""
    return _one(request, _mine(request, token, approval), AnswerForm())


@sensitive_post_parameters()
@allow(POST=signed_in)
def approve(request: SignedInRequest, token: str, approval: str) -> HttpResponse:
    asked, form = _mine(request, token, approval), AnswerForm(request.POST)
    if form.is_valid():
        try:
            actions.approve(asked, form.cleaned_data["pin"], by=request.user, moment=timezone.now())
            return redirect("consumers:approval", token, approval)
        except Refused as refusal:
            form.add_error("pin", str(refusal))
    return _one(request, _mine(request, token, approval), form, status=422)


@allow(POST=signed_in)
def decline(request: SignedInRequest, token: str, approval: str) -> HttpResponse:
    """Nothing is taken; the counter sees it at once."""
    actions.decline(_mine(request, token, approval), by=request.user, moment=timezone.now())
    return redirect("consumers:approval", token, approval)


def _mine(request: SignedInRequest, token: str, approval: str) -> Approval:
    return get_object_or_404(Approval.objects.on(my_card(request, token)), token=approval)


def _one(request: SignedInRequest, asked: Approval, form: AnswerForm, status: int = 200) -> HttpResponse:
    moment = timezone.now()
    stage = asked.stage(moment)
    context = {
        "card": asked.card,
        "approval": asked,
        "stage": stage,
        "waits": stage == Stage.APPROVED,
        "form": form,
        "pin": Pin.objects.filter(card=asked.card_id).first(),
        "moment": moment,
    }
    return render_page(request, "consumers/approval.html", context, fragment="approval", status=status)

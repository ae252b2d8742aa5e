"""The PIN of a card of one's own: set with a code to the own phone, changed, set anew when forgotten."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters

from consumers.web.mine import my_card
from loyalty import actions
from loyalty.models import Card, CardKey, Pin
from portal.kernel.access import SignedInRequest, allow, signed_in
from portal.kernel.forms import CleanTextMixin
from portal.kernel.people import masked_email, masked_phone
from portal.kernel.refused import Refused
from portal.kernel.web import render_page


class SixDigits(forms.CharField):
    """Six digits on a number pad; never shown, never kept by the browser."""

    def __init__(self, *, autocomplete: str = "off", **kwargs: object) -> None:
        secret = autocomplete == "off"
        kind = forms.PasswordInput if secret else forms.TextInput
        attrs = {"inputmode": "numeric", "autocomplete": autocomplete, "maxlength": "20"}
        super().__init__(max_length=20, widget=kind(attrs=attrs), **kwargs)  # type: ignore[arg-type]


class PinForm(CleanTextMixin):
    """The code that was sent, and the new PIN twice; the old one from who still knows it."""

    code = SixDigits(label=gettext_lazy("Code from the message"), autocomplete="one-time-code")
    old = SixDigits(
        label=gettext_lazy("Old PIN"),
        required=False,
        help_text=gettext_lazy("Forgotten? Leave it empty: the new PIN can then be used after 24 hours."),
    )
    pin = SixDigits(
        label=gettext_lazy("New PIN"), help_text=gettext_lazy("6 digits, no pattern, no birthday")
    )
    again = SixDigits(label=gettext_lazy("New PIN again"))

    def clean(self) -> None:
        typed = [self.cleaned_data.get(name) for name in ("pin", "again")]
        if all(typed) and typed[0] != typed[1]:
            self.add_error("again", _("These are other digits than above. Type the new PIN twice."))


@sensitive_post_parameters()
@allow(GET=signed_in, POST=signed_in)
def pin(request: SignedInRequest, token: str) -> HttpResponse:
    """Set or change the PIN."""
    card = my_card(request, token)
    form = PinForm(request.POST) if request.method == "POST" else PinForm()
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            actions.set_pin(
                card, data["pin"], code=data["code"], old=data["old"], by=request.user, moment=timezone.now()
            )
            messages.success(request, _("The PIN is set."))
            return redirect("consumers:card", token)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _show(request, card, form, status=422 if form.errors else 200)


@allow(POST=signed_in)
def pin_code(request: SignedInRequest, token: str) -> HttpResponse:
    """Send the code that proves whose phone it is."""
    card = my_card(request, token)
    try:
        actions.ask_for_code(card, by=request.user, moment=timezone.now())
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.info(request, _("The code is on its way."))
    return redirect("consumers:pin", token)


def _show(request: SignedInRequest, card: Card, form: PinForm, status: int) -> HttpResponse:
    person = request.user
    by_phone = bool(person.phone and person.phone_verified_at)
    context = {
        "card": card,
        "form": form,
        "phones": CardKey.objects.of(card).live(),
        "pin": Pin.objects.filter(card=card).first(),
        "sent_to": masked_phone(person.phone) if by_phone else masked_email(person.email),
        "is_sent": actions.code_is_out(card, moment=timezone.now()),
        "moment": timezone.now(),
    }
    return render_page(request, "consumers/pin.html", context, status=status)

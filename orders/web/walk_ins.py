"""Somebody without a card at the counter: a phone number, and the card is there."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from loyalty.actions import enrol
from loyalty.cards.enrolling import count_walk_in
from loyalty.models import Programme
from loyalty.web.forms import EnrolForm
from merchants.models import Merchant, Role
from merchants.web.access import MerchantRequest, merchant_staff
from orders import actions
from orders.finding import BOTH_ENDS, UnknownCode
from portal.kernel.access import allow
from portal.kernel.forms import read_phone
from portal.kernel.refused import Refused


@allow(POST=merchant_staff(Role.CASHIER))
def walk_in(request: MerchantRequest, merchant: str) -> HttpResponse:
    """Make the number a member and lay the new card on the counter. Sent twice it is one card."""
    programme = get_object_or_404(Programme.objects.of(request.merchant.pk))
    form, home = EnrolForm(request.POST), reverse("orders:counter", args=[merchant])
    if not form.is_valid():
        messages.error(request, " ".join(map(str, form.errors.get("phone") or [_("Enter a phone number")])))
        return redirect(home)
    try:
        count_walk_in(request.user)
        card = enrol(programme, **form.cleaned_data, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(home)
    actions.forgive_wrong_code(by=request.user, moment=timezone.now())
    return redirect(f"{home}?{urlencode({'card': card.token})}")


def newcomer_form(merchant: Merchant, typed: str, refusal: Refused) -> EnrolForm | None:
    """When what was typed is a whole phone number that nobody here has: the way to make it a member."""
    ends = BOTH_ENDS.fullmatch(typed.strip())  # of card and phone: ten digits that may look like a number
    phone = read_phone(typed) if type(refusal) is UnknownCode and not ends else None
    if not phone or not Programme.objects.of(merchant.pk).filter(is_open=True).exists():
        return None
    return EnrolForm(initial={"phone": phone})

"""Passing a coupon on: the link, the page that it leads to, taking it back."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from coupons import actions, words
from coupons.models import Coupon, Present
from coupons.saying import said_rules
from portal.kernel.access import SignedInRequest, allow, anyone, signed_in
from portal.kernel.forms import KeyedForm
from portal.kernel.models import User
from portal.kernel.refused import Refused
from portal.kernel.web import render_page


@allow(POST=signed_in)
def give(request: SignedInRequest, token: str) -> HttpResponse:
    """Make the link; the coupon's page shows it."""
    coupon = get_object_or_404(Coupon.objects.held_by(request.user), token=token)
    form = KeyedForm(request.POST)
    if form.is_valid():
        try:
            actions.give_coupon(coupon, by=request.user, key=form.cleaned_data["key"])
        except Refused as refusal:
            messages.error(request, str(refusal))
    return redirect("coupons:ticket", token)


@allow(POST=signed_in)
def take_back(request: SignedInRequest, token: str) -> HttpResponse:
    coupon = get_object_or_404(Coupon.objects.held_by(request.user), token=token)
    try:
        actions.take_back(coupon, by=request.user)
        messages.success(request, _("It is yours again. The link leads nowhere any more"))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("coupons:ticket", token)


@allow(GET=anyone, POST=signed_in)
def present(request: HttpRequest, token: str) -> HttpResponse:
    """What somebody was sent: whoever takes it first has it. The giver's name isn't shown."""
    found = get_object_or_404(
        Present.objects.select_related("coupon__programme__merchant", "coupon__terms"), token=token
    )
    form = KeyedForm(request.POST) if request.method == "POST" else KeyedForm.fresh()
    if form.is_bound and form.is_valid():
        try:
            coupon = actions.take_present(found, user=cast(User, request.user))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Yours. Show this code at the counter"))
            return redirect("coupons:ticket", coupon.token)
    context = {
        "form": form,
        "coupon": found.coupon,
        "sentence": words.sentence(found.coupon),
        "rules": said_rules(found.coupon),
        "is_open": found.is_open_at(timezone.now()),
        "until": found.until,
    }
    return render_page(request, "coupons/present.html", context, status=422 if form.is_bound else 200)

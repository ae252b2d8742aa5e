"""Birthday greetings of a merchant: on or off, how long ahead, with which coupon; and whose turn comes."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from coupons.models import CouponProgramme
from crm.actions import forget_noted, note_birthday, switch_off, switch_on
from crm.coming import preview_of
from crm.days import read_birthday
from crm.models import GreetingPlan, NotedBirthday
from crm.results.outcomes import few
from crm.web.birthday_forms import NotedForm
from merchants.models import Customer, Merchant, Role
from merchants.web.access import MerchantRequest, merchant_staff
from portal.kernel.access import allow
from portal.kernel.forms import CleanTextMixin
from portal.kernel.refused import Refused
from portal.kernel.web import render_page

manager = merchant_staff(Role.MANAGER)
STAFF = merchant_staff(Role.CASHIER)


class PlanForm(CleanTextMixin):
    """How long ahead, and with which coupon of those that can be claimed now."""

    days_ahead = forms.TypedChoiceField(
        label=gettext_lazy("How many days ahead"), coerce=int, widget=forms.RadioSelect, initial=3
    )
    programme = forms.ModelChoiceField(
        label=gettext_lazy("Add a coupon"),
        queryset=CouponProgramme.objects.none(),
        to_field_name="token",
        required=False,
        empty_label=gettext_lazy("Only words"),
        help_text=gettext_lazy(
            "Who lets you see the day gets it at once; the others claim it from the greeting. "
            "When the coupon has run out, greetings go on in words alone."
        ),
    )

    def __init__(self, *args: Any, merchant: Merchant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ahead: Any = self.fields["days_ahead"]
        choices = range(GreetingPlan.FEWEST, GreetingPlan.MOST + 1)
        ahead.choices = [(str(n), ngettext("%d day", "%d days", n) % n) for n in choices]
        programme: Any = self.fields["programme"]
        offered = CouponProgramme.objects.of(merchant).claimable_at(timezone.now())
        programme.queryset = offered.order_by("pk")
        programme.label_from_instance = lambda one: one.title


@allow(GET=manager, POST=manager)
def greetings(request: MerchantRequest, merchant: str) -> HttpResponse:
    ours, moment = request.merchant, timezone.now()
    plan = GreetingPlan.objects.filter(merchant=ours).select_related("programme").first()
    form = PlanForm(merchant=ours, initial=_standing(plan))
    if request.method == "POST":
        form = PlanForm(request.POST, merchant=ours)
        if form.is_valid():
            try:
                switch_on(ours, **form.cleaned_data, by=request.user, moment=moment)
                messages.success(request, _("Greetings are on."))
                return redirect("crm:greetings", merchant)
            except Refused as refusal:
                form.add_error(None, str(refusal))
    coming = preview_of(ours, moment)
    context = {"form": form, "plan": plan, "coming": coming, "number": few(coming.number)}
    return render_page(request, "crm/greetings.html", context, status=422 if form.errors else 200)


def _standing(plan: GreetingPlan | None) -> dict[str, Any] | None:
    if plan is None:
        return None
    return {"days_ahead": plan.days_ahead, "programme": plan.programme and plan.programme.token}


@allow(POST=manager)
def off(request: MerchantRequest, merchant: str) -> HttpResponse:
    switch_off(request.merchant, by=request.user)
    messages.success(request, _("Greetings are off. Nothing more goes out."))
    return redirect("crm:greetings", merchant)


@allow(GET=STAFF, POST=STAFF)
def note(request: MerchantRequest, merchant: str, customer: int) -> HttpResponse:
    """A customer's birthday, as they told it."""
    theirs = _customer(request, customer)
    noted = NotedBirthday.objects.filter(customer=theirs).first()
    day = read_birthday(noted.day) if noted else None
    form = NotedForm(initial=NotedForm.filled_with(day) if day else None)
    if request.method == "POST":
        form = NotedForm(request.POST)
        if form.is_valid():
            try:
                note_birthday(theirs, form.birthday(), agreed=form.cleaned_data["agreed"], by=request.user)
                messages.success(request, _("Saved."))
                return redirect("crm:customer", merchant, customer)
            except Refused as refusal:
                form.add_error(None, str(refusal))
    context = {"form": form, "customer": theirs, "noted": noted, "says": day.says() if day else ""}
    return render_page(request, "crm/note_birthday.html", context, status=422 if form.errors else 200)


@allow(POST=STAFF)
def forget(request: MerchantRequest, merchant: str, customer: int) -> HttpResponse:
    forget_noted(_customer(request, customer))
    messages.success(request, _("The birthday is removed."))
    return redirect("crm:customer", merchant, customer)


def _customer(request: MerchantRequest, key: int) -> Customer:
    return get_object_or_404(Customer.objects.of(request.merchant), pk=key)

"""Coupons on paper: the merchant's batches and sheets; the page that a scanned one opens."""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from coupons import actions, words
from coupons.models import MOST_IN_BATCH, Coupon, CouponProgramme, PaperBatch, Via
from coupons.printing import sheets_job
from coupons.saying import said_rules
from coupons.web.seeing import counted
from merchants.models import Merchant, Role, Shop
from merchants.models.print_order import OrderState
from merchants.web.access import MerchantRequest, merchant_staff
from portal.kernel.access import allow, anyone, signed_in
from portal.kernel.codes import normalise_code
from portal.kernel.forms import CleanTextMixin, KeyedForm
from portal.kernel.models import User
from portal.kernel.refused import Refused
from portal.kernel.web import page_of, render_page
from portal.kernel.web.resolver import guessed_too_often, unknown_code

manager = merchant_staff(Role.MANAGER)


class BatchForm(KeyedForm):
    quantity = forms.IntegerField(
        label=_("How many to print"),
        min_value=1,
        max_value=MOST_IN_BATCH,
        initial=100,
        help_text=_("Up to 10,000 at a time; ten fit on a sheet"),
    )


class OrderForm(CleanTextMixin):
    """Which of the merchant's outlets the parcel goes to."""

    shop = forms.ModelChoiceField(
        Shop.objects.none(),
        label=_("Send to"),
        empty_label=None,
        help_text=_("The outlet’s address and phone go onto the parcel"),
    )
    wish = forms.CharField(label=_("Wish"), max_length=200, required=False)

    def __init__(self, merchant: Merchant, data: Any = None) -> None:
        super().__init__(data)
        field = cast("forms.ModelChoiceField[Shop]", self.fields["shop"])
        field.queryset = Shop.objects.of(merchant).filter(closed_at=None).exclude(address="")


class CancelForm(CleanTextMixin):
    reason = forms.CharField(
        label=_("Reason"), max_length=120, help_text=_("Whoever scans one of them reads it")
    )


@allow(GET=manager, POST=manager)
def batches(request: MerchantRequest, merchant: str, token: str) -> HttpResponse:
    """What was printed of an offer, and the form for more."""
    programme = get_object_or_404(CouponProgramme.objects.of(request.merchant), token=token)
    form = BatchForm(request.POST) if request.method == "POST" else BatchForm.fresh()
    if form.is_valid():
        try:
            made = actions.make_paper(programme, by=request.user, **form.cleaned_data)
            return redirect("coupons:paper_batch", merchant, token, made.token)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    rows = page_of(PaperBatch.objects.of(programme).with_counts(), request)
    context = {"programme": programme, "form": form, "batches": rows}
    status = 422 if form.is_bound else 200
    return render_page(request, "coupons/paper_batches.html", context, fragment="batches", status=status)


def _batch(request: MerchantRequest, token: str, batch: str) -> PaperBatch:
    programme = get_object_or_404(CouponProgramme.objects.of(request.merchant), token=token)
    return get_object_or_404(PaperBatch.objects.of(programme).with_counts(), token=batch)


@allow(GET=manager)
def batch(request: MerchantRequest, merchant: str, token: str, batch: str) -> HttpResponse:
    """One batch: how many are out and came back, its sheets, and the way to cancel the rest."""
    return _show(request, _batch(request, token, batch))


def _show(
    request: MerchantRequest,
    found: PaperBatch,
    form: CancelForm | None = None,
    order_form: OrderForm | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {
        "batch": found,
        "programme": found.programme,
        "form": form or CancelForm(),
        "order_form": order_form or OrderForm(request.merchant),
        "order": getattr(found, "order", None),
    }
    status = 422 if form or order_form else 200
    return render_page(request, "coupons/paper_batch.html", context, status=status)


@allow(POST=manager)
def sheets(request: MerchantRequest, merchant: str, token: str, batch: str) -> HttpResponse:
    """Make the PDF; the page of the job says how far it is."""
    job = sheets_job(_batch(request, token, batch), by=request.user)
    return redirect("kernel:job", job.token)


@allow(POST=manager)
def cancel(request: MerchantRequest, merchant: str, token: str, batch: str) -> HttpResponse:
    """All that nobody has claimed or used. With a reason."""
    found, form = _batch(request, token, batch), CancelForm(request.POST)
    if not form.is_valid():
        return _show(request, found, form)
    number = actions.revoke_nobodys(found, by=request.user, **form.cleaned_data)
    said = ngettext("%(n)d coupon cancelled", "%(n)d coupons cancelled", number) % {"n": number}
    messages.success(request, said)
    return redirect("coupons:paper_batch", merchant, token, batch)


@allow(POST=manager)
def order(request: MerchantRequest, merchant: str, token: str, batch: str) -> HttpResponse:
    """Ask the platform to print the batch and send it to an outlet."""
    found, form = _batch(request, token, batch), OrderForm(request.merchant, request.POST)
    if form.is_valid():
        try:
            actions.ask_for_paper(found, by=request.user, **form.cleaned_data)
            messages.success(request, _("Asked for. We tell you when it goes into print."))
            return redirect("coupons:paper_batch", merchant, token, batch)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _show(request, found, order_form=form)


@allow(POST=manager)
def received(request: MerchantRequest, merchant: str, token: str, batch: str) -> HttpResponse:
    """The parcel is here."""
    found = _batch(request, token, batch)
    try:
        if placed := getattr(found, "order", None):
            actions.move_paper_order(placed, OrderState.RECEIVED, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("coupons:paper_batch", merchant, token, batch)


@allow(GET=anyone, POST=signed_in)
def paper(request: HttpRequest, token: str) -> HttpResponse:
    """What a scanned paper coupon is, for whoever has it in hand; claiming it needs a person."""
    if guessed_too_often(request):
        return unknown_code(request, too_often=True)
    printed = Coupon.objects.select_related("programme__merchant", "customer", "terms")
    found = printed.filter(batch__isnull=False, token=normalise_code(token) or "").first()
    if found is None:
        return unknown_code(request)
    if request.user.is_authenticated and found.customer and found.customer.user_id == request.user.pk:
        return redirect("coupons:ticket", found.token)
    form = KeyedForm(request.POST) if request.method == "POST" else KeyedForm.fresh()
    if form.is_bound and form.is_valid():
        try:
            actions.claim_paper(found, cast(User, request.user))
            messages.success(request, _("Yours. Show this code at the counter"))
            return counted(request, found.programme, redirect("coupons:ticket", found.token), via=Via.PAPER)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            found.refresh_from_db()  # somebody was quicker: the page says so
    return _paper_page(request, found, form)


def _paper_page(request: HttpRequest, coupon: Coupon, form: KeyedForm) -> HttpResponse:
    stage = coupon.stage_at(timezone.now())
    context = {
        "form": form,
        "coupon": coupon,
        "sentence": words.sentence(coupon),
        "rules": said_rules(coupon, on_paper=True),
        "stage": stage if stage != "usable" else "claimable" if coupon.is_nobodys else "claimed",
    }
    return render_page(request, "coupons/paper.html", context, status=422 if form.is_bound else 200)

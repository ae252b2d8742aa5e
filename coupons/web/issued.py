"""The coupons of one offer that people hold: each with its state, and the way to cancel it."""

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coupons import actions
from coupons.models import Coupon, CouponProgramme, CouponQuerySet, CouponState
from coupons.narrowing import Part
from merchants.models import Role
from merchants.web.access import MerchantRequest, merchant_staff
from portal.kernel.access import allow
from portal.kernel.forms import CleanTextMixin, clean_text
from portal.kernel.refused import Refused
from portal.kernel.web import page_of, render_page

manager = merchant_staff(Role.MANAGER)


class RevokeForm(CleanTextMixin):
    reason = forms.CharField(label=_("Reason"), max_length=120, help_text=_("The holder reads it"))


def _chosen(rows: CouponQuerySet, part: Part, request: MerchantRequest) -> QuerySet[Coupon]:
    """Without what lies about on paper unused; of one batch those claimed or those used, where asked for."""
    claimed = part.coupons_of(rows.exclude(customer=None, times=0), request.merchant)
    if batch := request.GET.get("batch"):
        claimed = claimed.filter(batch__token=clean_text(batch))
    match request.GET.get("which"):
        case "claimed":
            return claimed.filter(customer__isnull=False).exclude(state=CouponState.REVOKED)
        case "used":
            return claimed.filter(times__gt=0)
        case _:
            return claimed


@allow(GET=manager)
def issued(request: MerchantRequest, merchant: str, token: str) -> HttpResponse:
    programme = get_object_or_404(CouponProgramme.objects.of(request.merchant), token=token)
    part = Part.read(request.GET)
    rows = _chosen(Coupon.objects.of(request.merchant).filter(programme=programme), part, request)
    page, moment = page_of(rows.select_related("customer__user", "revoked_by"), request), timezone.now()
    context = {
        "programme": programme,
        "narrowed": part.said(request.merchant),
        "page": page,
        "rows": [(coupon, coupon.stage_at(moment)) for coupon in page],
        "form": RevokeForm(auto_id=False),
    }
    return render_page(request, "coupons/issued.html", context, fragment="issued")


@allow(POST=manager)
def revoke(request: MerchantRequest, merchant: str, token: str, coupon: str) -> HttpResponse:
    """With a reason. What was used stays used."""
    mine = Coupon.objects.of(request.merchant).filter(programme__token=token)
    found, form = get_object_or_404(mine, token=coupon), RevokeForm(request.POST)
    try:
        actions.revoke_coupon(found, by=request.user, reason=form.data.get("reason", ""))
        messages.success(request, _("Cancelled. Its holder is told"))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("coupons:issued", merchant, token)

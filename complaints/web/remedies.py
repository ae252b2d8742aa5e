"""What a merchant gives in its cases: what waits for its word, what it still has to do, what is done."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from complaints import actions
from complaints.models import Remedy
from merchants.models import Role
from merchants.web.access import MerchantRequest, merchant_staff
from portal.kernel.access import allow
from portal.kernel.forms import CleanTextMixin
from portal.kernel.refused import Refused
from portal.kernel.web import page_of, render_page


class DoneForm(CleanTextMixin):
    """``proof`` only where hands do it."""

    proof = forms.CharField(
        label=_("How it was done"),
        max_length=120,
        required=False,
        help_text=_("The number of the transfer, or when the service was given"),
    )


@allow(GET=merchant_staff(Role.MANAGER))
def remedies(request: MerchantRequest, merchant: str) -> HttpResponse:
    return _page(request)


@allow(POST=merchant_staff(Role.MANAGER))
def agree(request: MerchantRequest, merchant: str, remedy: int) -> HttpResponse:
    given = get_object_or_404(Remedy.objects.of(request.merchant), pk=remedy)
    try:
        actions.approve_remedy(given, by=request.user, moment=timezone.now())
    except Refused as refusal:
        return _page(request, refused=str(refusal), status=refusal.status)
    return redirect("complaints:remedies", merchant)


@allow(POST=merchant_staff(Role.MANAGER))
def done(request: MerchantRequest, merchant: str, remedy: int) -> HttpResponse:
    given = get_object_or_404(Remedy.objects.of(request.merchant), pk=remedy, is_goodwill=False)
    form = DoneForm(request.POST)
    proof = form.cleaned_data["proof"] if form.is_valid() else ""
    try:
        actions.execute_remedy(given, by=request.user, moment=timezone.now(), proof=proof)
    except Refused as refusal:
        return _page(request, refused=str(refusal), status=refusal.status)
    return redirect("complaints:remedies", merchant)


def _page(request: MerchantRequest, *, refused: str = "", status: int = 200) -> HttpResponse:
    """Newest first; never who the person is, and nothing of what the portal gives itself."""
    given = Remedy.objects.of(request.merchant).filter(is_goodwill=False)
    given = given.select_related("complaint__shop", "programme", "agreed_by").order_by("-pk")
    context = {"page": page_of(given, request), "refused": refused, "form": DoneForm()}
    return render_page(request, "complaints/remedies.html", context, status=status)

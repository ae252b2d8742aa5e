"""Two records on the roster that are one person: found, set side by side, made one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.comparing import kept_instead, side_of
from crm.roster import Asked, roster_of
from loyalty.actions import merge_members
from merchants.models import Customer, Role
from merchants.web.access import MerchantRequest, merchant_staff
from portal.kernel.access import allow
from portal.kernel.forms import KeyedForm
from portal.kernel.refused import Refused
from portal.kernel.web import render_page

manager = merchant_staff(Role.MANAGER)
CHOICES = 8


class MergeForm(KeyedForm):
    """Which of the two stays, and how one knows."""

    other = forms.IntegerField(widget=forms.HiddenInput)
    keep = forms.TypedChoiceField(
        label=gettext_lazy("Which record stays?"), coerce=int, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=gettext_lazy("How do you know that they are one person?"),
        max_length=120,
        help_text=gettext_lazy("The customer reads it on the card’s statement."),
    )

    def __init__(self, *args: Any, sides: list[Customer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(side.pk, side.says()) for side in sides]
        self.fields["keep"].choices = choices  # type: ignore[attr-defined]


@allow(GET=manager, POST=manager)
def merge(request: MerchantRequest, merchant: str, customer: int) -> HttpResponse:
    """Without ``?with=``: look for the other record. With it: both side by side."""
    if kept := kept_instead(request.merchant, customer) or kept_instead(request.merchant, _asked(request)):
        return redirect("crm:customer", merchant, kept.pk)  # sent twice, or done by a colleague
    this = get_object_or_404(Customer.objects.of(request.merchant), pk=customer)
    other = _other(request, this)
    if other is None:
        return render_page(request, "crm/merge.html", {"customer": this} | _sought(request, this))
    both = [this, other]
    form = MergeForm(request.POST, sides=both) if request.method == "POST" else _fresh(both)
    if request.method == "POST" and form.is_valid():
        try:
            kept = _merge(request, both, form.cleaned_data)
            messages.success(request, _("They are one customer now."))
            return redirect("crm:customer", merchant, kept.pk)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {"customer": this, "sides": [side_of(one) for one in both], "form": form, "other": other}
    return render_page(request, "crm/merge.html", context, status=422 if form.errors else 200)


def _fresh(both: list[Customer]) -> MergeForm:
    """The record with an account stays, or the one with more visits."""
    stays = max(both, key=lambda one: (one.user_id is not None, one.visits, -one.pk))
    return MergeForm.fresh(initial={"other": both[1].pk, "keep": stays.pk}, sides=both)


def _merge(request: MerchantRequest, both: list[Customer], data: dict[str, Any]) -> Customer:
    kept, gone = both if data["keep"] == both[0].pk else reversed(both)
    merge_members(kept, gone, by=request.user, reason=data["reason"], key=data["key"])
    return kept


def _other(request: MerchantRequest, this: Customer) -> Customer | None:
    asked = _asked(request)
    ours = Customer.objects.of(request.merchant).exclude(pk=this.pk)
    return get_object_or_404(ours, pk=asked) if asked else None


def _asked(request: MerchantRequest) -> int:
    """The key of the other record; 0 when none was named."""
    said = request.POST.get("other") or request.GET.get("with") or ""
    return int(said) if said.isascii() and said.isdigit() and len(said) < 19 else 0


def _sought(request: MerchantRequest, this: Customer) -> dict[str, Any]:
    sought = request.GET.get("q", "").strip()[:40]
    if not sought:
        return {"sought": "", "found": []}
    found = roster_of(request.merchant, Asked(q=sought), moment=timezone.now())
    return {"sought": sought, "found": found.exclude(pk=this.pk).order_by("-pk")[:CHOICES]}

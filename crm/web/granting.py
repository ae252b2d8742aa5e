"""Giving the card to customers chosen on the roster: marked ones, or everybody that was found."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone

from crm.actions import grant_cards
from crm.roster import Asked, roster_of, without_card
from loyalty.models import Programme
from merchants.models import Customer, Role
from merchants.web.access import MerchantRequest, merchant_staff
from portal.kernel.access import allow
from portal.kernel.forms import KeyedForm
from portal.kernel.refused import Refused
from portal.kernel.web import render_page

manager = merchant_staff(Role.MANAGER)
MOST_MARKED = 200  # a page shows fifty


@allow(GET=manager, POST=manager)
def grant(request: MerchantRequest, merchant: str) -> HttpResponse:
    """How many would get one, what they are told; then the work begins."""
    programme = Programme.objects.of(request.merchant.pk).first()
    if programme is None:
        return redirect("loyalty:settings", merchant)
    asked = request.POST if request.method == "POST" else request.GET
    chosen = chosen_of(request, asked)
    form = KeyedForm(request.POST) if request.method == "POST" else KeyedForm.fresh()
    if request.method == "POST" and form.is_valid():
        try:
            begun = grant_cards(request.merchant, chosen, by=request.user, key=form.cleaned_data["key"])
            return redirect("kernel:job", begun.job.token) if begun.job else redirect("crm:roster", merchant)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {"programme": programme, "form": form, "hidden": hidden_of(asked)} | _counts(chosen)
    return render_page(request, "crm/grant.html", context, status=422 if form.errors else 200)


def chosen_of(request: MerchantRequest, asked: QueryDict) -> QuerySet[Customer]:
    if "all" in asked:
        return roster_of(request.merchant, Asked.read(asked), moment=timezone.now())
    marked = [int(one) for one in asked.getlist("c")[:MOST_MARKED] if one.isascii() and one.isdigit()]
    return Customer.objects.of(request.merchant).filter(pk__in=[pk for pk in marked if pk < 1 << 62])


def hidden_of(asked: QueryDict) -> list[tuple[str, str]]:
    """The choice, to be sent along with the confirmation."""
    names = ("all", "q", "late", "tag") if "all" in asked else ("c",)
    return [(name, said[:40]) for name in names for said in asked.getlist(name)[:MOST_MARKED]]


def _counts(chosen: QuerySet[Customer]) -> dict[str, Any]:
    fresh = without_card(chosen)
    told = fresh.exclude(user=None, phone_index=None).count()
    number = fresh.count()
    return {"number": number, "had": chosen.count() - number, "untold": number - told}

"""What a merchant gives in its cases: what waits for its word, what it still has to do, what is done."""

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from complaints import actions
from complaints.models import Remedy
from complaints.outsiders import MANAGERS, nothing_here
from complaints.reasons.automatic import TAKEN_OUT
from complaints.states import Acting
from complaints.web.forms import DoneForm, DropForm
from complaints.web.merchant import at_shop_refused
from merchants.web.access import MerchantRequest
from portal.kernel.access import allow
from portal.kernel.refused import Refused
from portal.kernel.web import page_of, render_page


@allow(GET=MANAGERS)
def remedies(request: MerchantRequest, merchant: str) -> HttpResponse:
    """Newest first; never who the person is, and nothing of what the portal gives itself."""
    given = Remedy.objects.of(request.merchant).filter(is_goodwill=False)
    given = given.select_related("complaint__shop", "programme", "agreed_by").order_by("-pk")
    context = {"page": page_of(given, request), "form": DoneForm()}
    return render_page(request, "complaints/remedies.html", context)


@allow(POST=MANAGERS)
def agree(request: MerchantRequest, merchant: str, remedy: int) -> HttpResponse:
    return _acted(request, _given(request, remedy), actions.approve_remedy)


@allow(POST=MANAGERS)
def done(request: MerchantRequest, merchant: str, remedy: int) -> HttpResponse:
    form = DoneForm(request.POST)
    proof = form.cleaned_data["proof"] if form.is_valid() else ""
    return _acted(request, _given(request, remedy), actions.execute_remedy, proof=proof)


@allow(POST=MANAGERS)
def drop(request: MerchantRequest, merchant: str, remedy: int) -> HttpResponse:
    """Taken out again, or, where the desk proposed it, not given."""
    given, form = _given(request, remedy), DropForm(request.POST)
    why = form.cleaned_data["why"] if form.is_valid() else ""
    if given.role == Acting.MERCHANT:
        why = why or TAKEN_OUT
    return _acted(request, given, actions.drop_remedy, why=why)


def _given(request: MerchantRequest, remedy: int) -> Remedy:
    known = Remedy.objects.of(request.merchant).filter(is_goodwill=False).select_related("complaint")
    if found := known.filter(pk=remedy).first():
        return found
    theirs = Remedy.objects.exclude(merchant=request.merchant).select_related("complaint")
    raise nothing_here(request, other.complaint if (other := theirs.filter(pk=remedy).first()) else None)


def _acted(request: MerchantRequest, given: Remedy, verb: Callable[..., Remedy], **said: str) -> HttpResponse:
    """Whatever was pressed, the case shows what stands now and what comes next."""
    number = given.complaint.number
    try:
        verb(given, by=request.user, moment=timezone.now(), **said)
    except Refused as refusal:
        return at_shop_refused(request, number, refusal)
    return redirect("complaints:at_shop", request.merchant.slug, number)

"""What a shop offers in a case: one kind after the other, taken out again until the proposal is sent."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from complaints import actions
from complaints.actions.remedies import OPEN_FOR_MORE
from complaints.models import Complaint, Remedy, RemedyKind, RemedyState
from complaints.outsiders import MANAGERS, nothing_here
from complaints.remedying.authority import decides_alone
from complaints.remedying.offering import OfferForm
from complaints.roles import acting_as
from complaints.states import Acting, ComplaintState
from merchants.models import Role
from merchants.web.access import MerchantRequest
from portal.kernel.access import allow
from portal.kernel.money import LARGEST
from portal.kernel.refused import Refused
from portal.kernel.web import render_page

#: What becomes of it, for who chooses.
MEANS = {
    RemedyKind.APOLOGY: _("In your shop’s name, as an answer in the case."),
    RemedyKind.REFUND: _("You pay it back yourself and write down how; the sale’s books are told."),
    RemedyKind.POINTS: _("On the customer’s member card, by themselves once it is accepted."),
    RemedyKind.COUPON: _("One of your running offers, into the customer’s wallet once it is accepted."),
    RemedyKind.SERVICE: _("You give it and write down when."),
}


@allow(GET=MANAGERS, POST=MANAGERS)
def offer(request: MerchantRequest, merchant: str, number: str) -> HttpResponse:
    about = Complaint.objects.about(request.merchant).select_related("shop", "purchase")
    complaint = about.filter(number=number).first()
    if complaint is None:
        raise nothing_here(request, Complaint.objects.filter(number=number).first())
    kind = request.POST.get("kind") or request.GET.get("kind") or ""
    form, status = OfferForm.fresh() if kind in RemedyKind else None, 200
    if form and request.method == "POST":
        form, status = OfferForm(request.POST), 422
    if form and form.of_kind(kind, complaint).is_valid():
        said = form.cleaned_data
        try:
            actions.propose_remedy(
                complaint, said.pop("kind"), by=request.user, moment=timezone.now(), **said
            )
            return redirect("complaints:at_shop", merchant, number)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            complaint, status = about.get(pk=complaint.pk), refusal.status
    return _page(request, complaint, kind, form, status)


def _page(
    request: MerchantRequest, complaint: Complaint, kind: str, form: OfferForm | None, status: int
) -> HttpResponse:
    context = {
        "complaint": complaint,
        "kinds": [(one, RemedyKind(one).label, MEANS[one]) for one in RemedyKind],
        "kind": kind,
        "means": MEANS.get(kind, ""),  # type: ignore[call-overload]
        "form": form,
        "limit": decides_alone(Acting.MERCHANT) if request.role == Role.MANAGER else None,
        "may_offer": speaks(request, complaint) and complaint.state in OPEN_FOR_MORE,
    }
    return render_page(request, "complaints/offer.html", context, status=status)


def speaks(request: MerchantRequest, complaint: Complaint) -> bool:
    """Not who complained about the own shop: they are the customer in that case."""
    return acting_as(request.user, complaint) == Acting.MERCHANT


@dataclass(frozen=True)
class Offered:
    """A remedy as the shop may handle it now."""

    remedy: Remedy
    may_agree: bool
    may_drop: bool
    is_ours: bool  # the shop's own idea, not the desk's


def offered_in(complaint: Complaint, request: MerchantRequest, *, acts: bool) -> list[Offered]:
    """What this merchant gives in the case; ``acts`` unless it is the person's own."""
    limit = LARGEST if request.role == Role.OWNER else decides_alone(Acting.MERCHANT)
    rows = complaint.remedies.filter(is_goodwill=False).select_related("programme", "line", "agreed_by")
    return [_offered(one, request, limit if acts else -1, complaint) for one in rows.order_by("pk")]


def _offered(one: Remedy, request: MerchantRequest, limit: int, complaint: Complaint) -> Offered:
    is_open = one.state == RemedyState.PROPOSED and limit >= 0
    is_ours = one.role == Acting.MERCHANT
    may_agree = is_open and one.waits_for_merchant and one.worth <= limit and not one.is_of(request.user)
    is_theirs_to_drop = is_ours or one.kind != RemedyKind.APOLOGY
    may_drop = is_open and is_theirs_to_drop and complaint.state != ComplaintState.PROPOSED
    return Offered(one, may_agree, may_drop, is_ours)

"""The merchant's side: what is said of its shops, never who says it; its own answers, offers and evidence."""

from typing import Any

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from complaints import actions
from complaints.actions.remedies import OPEN_FOR_MORE
from complaints.models import Attachment, Clock, ClockKind, Complaint
from complaints.outsiders import MANAGERS, nothing_here
from complaints.refusals import NotForYou
from complaints.states import SHOP_SPEAKS, ComplaintState
from complaints.timeline import story_for_shop
from complaints.web.files import answered_with
from complaints.web.forms import DoneForm, ShopAnswerForm
from complaints.web.offers import offered_in, speaks
from portal.kernel.access import allow
from portal.kernel.refused import Refused
from portal.kernel.web import page_of, render_page

WAITING_SHOWN = 50  # the ones due first; as they are answered, the others come up


def _of(request: HttpRequest) -> Any:
    """With the time by which the shop has to answer, where it was asked."""
    asked = Clock.objects.unended().filter(complaint=OuterRef("pk"), kind=ClockKind.MERCHANT)
    about = Complaint.objects.about(request.merchant)  # type: ignore[attr-defined]
    return about.select_related("shop", "purchase", "person", "reason").annotate(
        asked_until=Subquery(asked.values("due_at")[:1])
    )


@allow(GET=MANAGERS)
def of_merchant(request: HttpRequest, merchant: str) -> HttpResponse:
    """What waits for the shop stands first, by when it is due; the rest newest first."""
    about, only_open = _of(request), "open" in request.GET
    waits = about.filter(state=ComplaintState.AWAITING_MERCHANT).order_by("asked_until", "pk")
    others = about.exclude(state=ComplaintState.AWAITING_MERCHANT)
    context = {
        "waiting": [] if "after" in request.GET else list(waits[:WAITING_SHOWN]),
        "page": page_of(others.still_open() if only_open else others, request),
        "only_open": only_open,
        "now": timezone.now(),
    }
    return render_page(request, "complaints/of_merchant.html", context)


def _case(request: HttpRequest, number: str) -> Any:
    found = _of(request).filter(number=number).first()
    if found is None:
        raise nothing_here(request, Complaint.objects.filter(number=number).first())
    return found


@allow(GET=MANAGERS, POST=MANAGERS)
def at_shop(request: HttpRequest, merchant: str, number: str) -> HttpResponse:
    complaint = _case(request, number)
    form, status = ShopAnswerForm.fresh(), 200
    if request.method == "POST":
        form, status = ShopAnswerForm(request.POST, request.FILES), 422
        if form.is_valid():
            try:
                _answer(request, complaint, form)
                return redirect("complaints:at_shop", merchant, number)
            except Refused as refusal:
                form.add_error(None, str(refusal))
                status, complaint = refusal.status, _case(request, number)
    return _page(request, complaint, form, status)


def _answer(request: HttpRequest, complaint: Complaint, form: ShopAnswerForm) -> None:
    """Who complained about the own shop speaks in that case as a customer, from the customer's page."""
    if not speaks(request, complaint):  # type: ignore[arg-type]
        raise NotForYou
    actions.reply(complaint, by=request.user, moment=timezone.now(), **form.cleaned_data)  # type: ignore[arg-type]


def at_shop_refused(request: HttpRequest, number: str, refusal: Refused) -> HttpResponse:
    """The case as it stands, with the sentence that says why something wasn't done."""
    case, form = _case(request, number), ShopAnswerForm.fresh()
    return _page(request, case, form, refusal.status, refused=str(refusal))


def _page(
    request: HttpRequest, complaint: Any, form: ShopAnswerForm, status: int, *, refused: str = ""
) -> HttpResponse:
    acts = speaks(request, complaint)  # type: ignore[arg-type]
    offered = offered_in(complaint, request, acts=acts)  # type: ignore[arg-type]
    context = {
        "complaint": complaint,
        "story": story_for_shop(complaint),
        "form": form,
        "refused": refused,
        "offered": offered,
        "waits": any(one.remedy.waits for one in offered),
        "done": DoneForm(),
        "may_offer": acts and complaint.state in OPEN_FOR_MORE,
        "may_do": acts,
        "may_answer": acts and complaint.state in SHOP_SPEAKS,
        "is_asked": complaint.state == ComplaintState.AWAITING_MERCHANT,
        "is_late": _is_late(complaint),
        "is_accepted": complaint.state == ComplaintState.ACCEPTED,
    }
    return render_page(request, "complaints/at_shop.html", context, status=status)


def _is_late(complaint: Any) -> bool:
    asked = complaint.state == ComplaintState.AWAITING_MERCHANT
    return bool(asked and complaint.asked_until and complaint.asked_until < timezone.now())


@allow(GET=MANAGERS)
def file_at_shop(request: HttpRequest, merchant: str, number: str, code: str) -> HttpResponseBase:
    """Evidence that the shop itself sent; of anything else it is told that there is none, and noted."""
    found = get_object_or_404(
        Attachment.objects.select_related("complaint", "reply"),
        complaint__number=number,
        complaint__merchant=request.merchant,  # type: ignore[attr-defined]
        code=code,
    )
    return answered_with(found, by=request.user)  # type: ignore[arg-type]

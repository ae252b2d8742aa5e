"""What a person does with complaints: report, follow, answer, say that it is solved or still isn't."""

import logging

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import actions
from complaints.actions.moving import may_still_reopen
from complaints.deadlines import promise_of
from complaints.files import served
from complaints.models import Attachment, Complaint, Reason
from complaints.states import OVER_STATES, Acting, ComplaintState, moves_of
from complaints.timeline import story_for_person
from complaints.web.forms import AnswerForm, DecideForm, ReportForm
from consumers.models import Review
from merchants.models import Shop
from orders.models import Purchase
from portal.kernel.access import allow, signed_in
from portal.kernel.refused import Refused
from portal.kernel.web import render_page

logger = logging.getLogger(__name__)
SHOWN = 100  # of one person's own cases; nobody has more to read at once


def _purchase(request: HttpRequest, shop: Shop) -> Purchase | None:
    token = request.GET.get("purchase")
    if not token:
        return None
    return get_object_or_404(Purchase.objects.made_by(request.user), shop=shop, token=token)  # type: ignore[arg-type]


def _review(request: HttpRequest, shop: Shop) -> Review | None:
    """The person's own review that the complaint begins with."""
    token = request.GET.get("review")
    if not token:
        return None
    mine = Review.objects.written_by(request.user).select_related("purchase")  # type: ignore[arg-type]
    return get_object_or_404(mine, shop=shop, token=token)


def _words_of(review: Review | None) -> dict[str, str]:
    """What was said already needn't be typed again; service is what most low stars are about."""
    return {"said": review.said, "reason": Reason.QUALITY} if review else {}


@allow(GET=signed_in, POST=signed_in)
def report(request: HttpRequest, shop: str) -> HttpResponse:
    """A shop that isn't listed any more still answers for what was bought there."""
    place = get_object_or_404(Shop.objects.select_related("merchant"), slug=shop)
    review = _review(request, place)
    purchase = review.purchase if review else _purchase(request, place)
    if not place.is_listed and purchase is None:
        raise Http404
    form, status = ReportForm.fresh(initial=_words_of(review)), 200
    if request.method == "POST":
        form, status = ReportForm(request.POST, request.FILES), 422
        if form.is_valid():
            try:
                complaint = actions.file_complaint(
                    request.user,  # type: ignore[arg-type]
                    shop=place,
                    purchase=purchase,
                    moment=timezone.now(),
                    **form.cleaned_data,
                )
                return redirect("complaints:case", complaint.token)
            except Refused as refusal:
                form.add_error(None, str(refusal))
    context = {"shop": place, "purchase": purchase, "form": form}
    return render_page(request, "complaints/report.html", context, status=status)


@allow(GET=signed_in)
def mine(request: HttpRequest) -> HttpResponse:
    filed = Complaint.objects.filed_by(request.user)  # type: ignore[arg-type]
    complaints = filed.select_related("shop").order_by("-pk")[:SHOWN]
    return render_page(request, "complaints/mine.html", {"complaints": complaints})


def _case(request: HttpRequest, token: str) -> Complaint:
    filed = Complaint.objects.filed_by(request.user).select_related("shop", "purchase")  # type: ignore[arg-type]
    return get_object_or_404(filed, token=token)


@allow(GET=signed_in, POST=signed_in)
def case(request: HttpRequest, token: str) -> HttpResponse:
    complaint = _case(request, token)
    form, status = AnswerForm.fresh(), 200
    if request.method == "POST":
        form, status = AnswerForm(request.POST, request.FILES), 422
        if form.is_valid():
            try:
                _answer(request, complaint, form)
                return redirect("complaints:case", complaint.token)
            except Refused as refusal:
                form.add_error(None, str(refusal))
                complaint = _case(request, token)
    return _page(request, complaint, form, status)


@allow(GET=signed_in)
def file(request: HttpRequest, token: str, code: str) -> HttpResponseBase:
    """A file of a case, to those of the case; anybody else is told that there is none, and noted."""
    found = get_object_or_404(
        Attachment.objects.select_related("complaint"), complaint__token=token, code=code
    )
    if not actions.look_at(found, by=request.user):  # type: ignore[arg-type]
        raise Http404
    try:
        return served(found)
    except FileNotFoundError:
        logger.error("the file of attachment %s is gone from the storage", found.pk)
        raise Http404 from None


def _answer(request: HttpRequest, complaint: Complaint, form: AnswerForm) -> None:
    actions.reply(complaint, by=request.user, moment=timezone.now(), **form.cleaned_data)  # type: ignore[arg-type]


@allow(POST=signed_in)
def decide(request: HttpRequest, token: str) -> HttpResponse:
    """One press: it is solved, the proposal is good or isn't, or the person takes the complaint back."""
    complaint = _case(request, token)
    form = DecideForm(request.POST)
    if not form.is_valid():
        return _page(request, complaint, AnswerForm.fresh(), 422, refused=_("Choose one of the buttons."))
    try:
        actions.move(complaint, by=request.user, moment=timezone.now(), **form.cleaned_data)  # type: ignore[arg-type]
    except Refused as refusal:
        again = AnswerForm.fresh()
        return _page(request, _case(request, token), again, refusal.status, refused=str(refusal))
    return redirect("complaints:case", complaint.token)


def _page(
    request: HttpRequest, complaint: Complaint, form: AnswerForm, status: int, *, refused: str = ""
) -> HttpResponse:
    moves = moves_of(complaint.state, Acting.CONSUMER)
    context = {
        "complaint": complaint,
        "story": story_for_person(complaint),
        "form": form,
        "refused": refused,
        "waits_for_person": complaint.state == ComplaintState.AWAITING_CONSUMER,
        "is_proposed": complaint.state == ComplaintState.PROPOSED,
        "is_over": complaint.state in OVER_STATES,
        "may_reopen": may_still_reopen(complaint, timezone.now()),
        "promise": promise_of(complaint),
        "may_confirm": ComplaintState.CONFIRMED in moves,
        "may_withdraw": ComplaintState.WITHDRAWN in moves,
    }
    return render_page(request, "complaints/case.html", context, status=status)

"""The person's page of a case, the same whether they signed in or came by a link: read, answer, decide."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import actions
from complaints.actions.moving import may_still_reopen
from complaints.clocks.deadlines import promise_of
from complaints.models import Complaint
from complaints.states import OVER_STATES, Acting, ComplaintState, moves_of
from complaints.timeline import story_for_person
from complaints.web.forms import AnswerForm, DecideForm
from portal.kernel.refused import Refused
from portal.kernel.web import render_page


@dataclass(frozen=True)
class Place:
    """Where the page stands and where its buttons go; ``link`` is what opened it without signing in."""

    here: str
    decide: str
    link: str = ""


def shown_or_answered(request: HttpRequest, complaint: Complaint, place: Place) -> HttpResponse:
    form, status = AnswerForm.fresh(), 200
    if request.method == "POST":
        form, status = AnswerForm(request.POST, request.FILES), 422
        if form.is_valid():
            try:
                person, moment = complaint.person, timezone.now()
                actions.reply(complaint, by=person, moment=moment, **form.cleaned_data)
                return redirect(place.here)
            except Refused as refusal:
                form.add_error(None, str(refusal))
                complaint.refresh_from_db()
    return _page(request, complaint, place, form, status)


def decided(request: HttpRequest, complaint: Complaint, place: Place) -> HttpResponse:
    """One press: it is solved, the proposal is good or isn't, or the person takes the complaint back."""
    form = DecideForm(request.POST)
    if not form.is_valid():
        words = _("Choose one of the buttons.")
        return _page(request, complaint, place, AnswerForm.fresh(), 422, refused=words)
    try:
        actions.move(complaint, by=complaint.person, moment=timezone.now(), **form.cleaned_data)
    except Refused as refusal:
        complaint.refresh_from_db()
        again, words = AnswerForm.fresh(), str(refusal)
        return _page(request, complaint, place, again, refusal.status, refused=words)
    return redirect(place.here)


def _page(
    request: HttpRequest,
    complaint: Complaint,
    place: Place,
    form: AnswerForm,
    status: int,
    *,
    refused: str = "",
) -> HttpResponse:
    moves = moves_of(complaint.state, Acting.CONSUMER)
    context = {
        "complaint": complaint,
        "story": story_for_person(complaint),
        "form": form,
        "refused": refused,
        "decide": place.decide,
        "link": place.link,
        "waits_for_person": complaint.state == ComplaintState.AWAITING_CONSUMER,
        "is_proposed": complaint.state == ComplaintState.PROPOSED,
        "is_over": complaint.state in OVER_STATES,
        "may_reopen": may_still_reopen(complaint, timezone.now()),
        "promise": promise_of(complaint),
        "may_confirm": ComplaintState.CONFIRMED in moves,
        "may_withdraw": ComplaintState.WITHDRAWN in moves,
    }
    return render_page(request, "complaints/case.html", context, status=status)

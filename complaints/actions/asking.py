"""Asking how it was, once per case, and calling those whom it wasn't good for."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from complaints import kinds
from complaints.duties import covers
from complaints.models import CallBack, Complaint, Step, Survey
from complaints.models.survey import LOW
from complaints.refusals import AnsweredBefore, AskedLongAgo, DoneBefore, NotForYou, SayWhy
from complaints.roles import MAY_ANSWER
from complaints.states import ComplaintState
from merchants.models import StaffMember
from messaging.actions import tell
from portal.kernel.codes import new_code
from portal.kernel.models import User

ASKED_WITHIN = timedelta(days=7)  # of the end; who hears of it later has forgotten
ANSWERED_WITHIN = timedelta(days=30)
BATCH = 500


def ask_how_it_was(moment: datetime) -> int:
    """Ask everybody whose case has closed since; how many were asked.

    Not those who work for the portal, or work or worked at the merchant of the case: theirs would be a
    judgement on themselves or on a rival.
    """
    closed = Step.objects.filter(
        complaint=OuterRef("pk"), after=ComplaintState.CLOSED, at__range=(moment - ASKED_WITHIN, moment)
    )
    works_there = StaffMember.objects.filter(merchant=OuterRef("merchant"), user=OuterRef("person"))
    due = (
        Complaint.objects.filter(Exists(closed), state=ComplaintState.CLOSED, survey=None)
        .exclude(Q(person__is_staff=True) | Exists(works_there))
        .filter(person__is_active=True)
        .select_related("person", "shop")
        .order_by("pk")
    )
    return sum(_ask(complaint, moment) for complaint in due[:BATCH])


@transaction.atomic
def _ask(complaint: Complaint, moment: datetime) -> bool:
    """Each in a transaction of its own; two workers at once ask once."""
    fresh = {"token": new_code(20), "asked_at": moment}
    survey, asked = Survey.objects.get_or_create(complaint=complaint, defaults=fresh)
    if asked:
        tell(
            complaint.person,
            kinds.HOW_WAS_IT,
            occurrence=f"complaint:{complaint.pk}:survey",
            url=reverse("complaints:survey", args=[survey.token]),
            number=complaint.number_in_groups,
            shop=complaint.shop.name,
        )
    return asked


@transaction.atomic
def rate(survey: Survey, score: int, *, moment: datetime) -> Survey:
    """The first answer counts; a low one opens a call-back."""
    survey = Survey.objects.select_for_update(no_key=True).get(pk=survey.pk)
    if survey.score == score:
        return survey
    if survey.score is not None:
        raise AnsweredBefore
    if moment > survey.asked_at + ANSWERED_WITHIN:
        raise AskedLongAgo(days=ANSWERED_WITHIN.days)
    survey.score, survey.answered_at = score, moment
    survey.save(update_fields=["score", "answered_at"])
    if score <= LOW:
        CallBack.objects.create(survey=survey, opened_at=moment)
    return survey


@transaction.atomic
def add_words(survey: Survey, said: str) -> Survey:
    """A sentence to the score, once."""
    survey = Survey.objects.select_for_update(no_key=True).get(pk=survey.pk)
    if survey.said == said:
        return survey
    if survey.said or survey.score is None:
        raise AnsweredBefore
    survey.said = said
    survey.save(update_fields=["said"])
    return survey


@transaction.atomic
def called_back(call: CallBack, *, by: User, outcome: str, moment: datetime) -> CallBack:
    """Somebody has spoken with the person, or tried; the words say which."""
    call = CallBack.objects.select_for_update(no_key=True).get(pk=call.pk)
    if not by.has_perm(MAY_ANSWER) or not covers(by, call.survey.complaint):
        raise NotForYou
    if call.done_at:
        raise DoneBefore
    if not outcome.strip():
        raise SayWhy
    call.outcome, call.by, call.done_at = outcome, by, moment
    call.save(update_fields=["outcome", "by", "done_at"])
    return call

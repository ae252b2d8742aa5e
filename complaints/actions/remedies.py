"""Deciding on remedies: proposing, approving as a second person, dropping; and goodwill at once."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from complaints.actions.holding import as_seen, held, keep
from complaints.models import BY_HAND, Complaint, Remedy, RemedyKind, RemedyState
from complaints.refusals import (
    AboveYourLimit,
    GoodwillSpent,
    NotDecidable,
    NotForYou,
    NotFromHere,
    NothingToGive,
    NotYourOwn,
    SayWhy,
)
from complaints.remedying import news as remedy_news
from complaints.remedying.authority import answers_for_merchant, decides_alone, goodwill_left
from complaints.remedying.worths import worth_of
from complaints.roles import acting_as
from complaints.states import DESK, OPEN_STATES, Acting
from coupons.models import CouponProgramme
from orders.models import PurchaseLine
from portal.kernel.models import User
from portal.kernel.money import format_money
from portal.kernel.refused import KeyReused

#: Once the proposal lies before the person, nothing is added to it.
OPEN_FOR_MORE = [state for state in OPEN_STATES if state not in ("proposed", "accepted", "remedy")]
_DECIDES = (*DESK, Acting.MERCHANT)
_LEADS = (Acting.SUPERVISOR, Acting.MANAGER)


@transaction.atomic
def propose_remedy(
    complaint: Complaint,
    kind: str,
    *,
    by: User,
    says: str,
    key: UUID,
    moment: datetime,
    worth: int = 0,
    points: int = 0,
    line: PurchaseLine | None = None,
    programme: CouponProgramme | None = None,
    seen: int | None = None,
) -> Remedy:
    """Add to what the case's proposal will offer. ``worth`` counts where it can't be worked out.

    Above the proposer's limit a second person approves; what the merchant gives, the merchant agrees to.
    """
    complaint = held(complaint)
    points = points if kind == RemedyKind.POINTS else 0
    line = line if kind in BY_HAND else None
    programme = programme if kind == RemedyKind.COUPON else None
    asked = (complaint.pk, kind, says, points, line and line.pk, programme and programme.pk)
    if earlier := Remedy.objects.filter(key=key).first():
        return _same_or_refuse(earlier, asked, by)
    as_seen(complaint, seen)
    role = acting_as(by, complaint)
    if role not in _DECIDES:
        raise NotForYou
    if complaint.state not in OPEN_FOR_MORE:
        raise NotFromHere(state=complaint.get_state_display())
    remedy = Remedy(
        complaint=complaint,
        merchant=complaint.merchant,
        kind=kind,
        says=says.strip(),
        points=points,
        line=line,
        programme=programme,
        key=key,
        role=role,
        proposed_by=by,
        proposed_at=moment,
    )
    remedy.worth = worth_of(remedy, worth, moment)
    _decided_by_proposer(remedy, moment)
    remedy.save(force_insert=True)
    keep(complaint, by=by)
    remedy_news.proposed(remedy)
    return remedy


def _same_or_refuse(earlier: Remedy, asked: tuple[object, ...], by: User) -> Remedy:
    facts = (
        earlier.complaint_id,
        earlier.kind,
        earlier.says,
        earlier.points,
        earlier.line_id,
        earlier.programme_id,
    )
    if facts != asked or earlier.proposed_by_id != by.pk:
        raise KeyReused
    return earlier


def _decided_by_proposer(remedy: Remedy, moment: datetime) -> None:
    """What needs nobody else: within one's limit, and of the merchant by somebody who answers for it."""
    if not remedy.says or (remedy.kind != RemedyKind.APOLOGY and not remedy.worth):
        raise NothingToGive
    if remedy.role == Acting.MERCHANT:
        if answers_for_merchant(remedy.proposed_by, remedy.merchant_id, remedy.worth):
            remedy.agreed_by, remedy.agreed_at = remedy.proposed_by, moment
    else:
        remedy.needs_second = remedy.worth > decides_alone(remedy.role)


@transaction.atomic
def approve_remedy(remedy: Remedy, *, by: User, moment: datetime) -> Remedy:
    """A second person says yes: on the desk with a limit that reaches, at the merchant for what it gives."""
    complaint, remedy = _both_held(remedy)
    role = acting_as(by, complaint)
    if role not in _DECIDES:
        raise NotForYou
    if remedy.is_of(by):
        raise NotYourOwn
    if remedy.state != RemedyState.PROPOSED:
        raise NotDecidable(state=remedy.get_state_display())
    if not (remedy.waits_for_merchant if role == Acting.MERCHANT else remedy.waits_for_second):
        return remedy  # said already
    if role == Acting.MERCHANT:
        _agree(remedy, by, moment)
    else:
        if remedy.worth > (most := decides_alone(role)):
            raise AboveYourLimit(most=format_money(most))
        remedy.approved_by, remedy.approved_at = by, moment
        remedy.save(update_fields=["approved_by", "approved_at"])
    keep(complaint, by=by)
    if not remedy.waits:
        remedy_news.approved(remedy)
    return remedy


def _agree(remedy: Remedy, by: User, moment: datetime) -> None:
    if not answers_for_merchant(by, remedy.merchant_id, remedy.worth):
        raise AboveYourLimit(most=format_money(decides_alone(Acting.MERCHANT)))
    remedy.agreed_by, remedy.agreed_at = by, moment
    remedy.save(update_fields=["agreed_by", "agreed_at"])


@transaction.atomic
def drop_remedy(remedy: Remedy, *, by: User, why: str, moment: datetime) -> Remedy:
    """Not given after all: before it is promised by who decides, a promise only by a supervisor.

    The merchant takes back what it offered and declines what would come out of its books.
    """
    complaint, remedy = _both_held(remedy)
    role = acting_as(by, complaint)
    if remedy.state == RemedyState.DROPPED:
        return remedy
    if remedy.state == RemedyState.EXECUTED or complaint.state == "proposed":
        raise NotDecidable(state=remedy.get_state_display())
    if role not in (_LEADS if remedy.state == RemedyState.PROMISED else _DECIDES):
        raise NotForYou
    if role == Acting.MERCHANT and remedy.role != Acting.MERCHANT and remedy.kind == RemedyKind.APOLOGY:
        raise NotForYou  # the desk's own words
    if not why.strip():
        raise SayWhy
    remedy.state, remedy.dropped_why = RemedyState.DROPPED, why.strip()[:200]
    remedy.save(update_fields=["state", "dropped_why"])
    keep(complaint, by=by)
    if not remedy.is_of(by):
        remedy_news.dropped(remedy)
    return remedy


@transaction.atomic
def give_goodwill(
    complaint: Complaint, worth: int, *, by: User, says: str, key: UUID, moment: datetime
) -> Remedy:
    """Promise money of the portal's at once, out of what the agent may give in a month; the reason is read.

    The person's row is held, so that two tabs can't each use up what is left of the month.
    """
    complaint = held(complaint)
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    asked = (complaint.pk, RemedyKind.REFUND, says, 0, None, None)
    if earlier := Remedy.objects.filter(key=key).first():
        return _same_or_refuse(earlier, asked, by)
    role = acting_as(by, complaint)
    if role not in DESK:
        raise NotForYou
    if not complaint.is_open:
        raise NotFromHere(state=complaint.get_state_display())
    if not says.strip() or worth <= 0:
        raise NothingToGive
    if worth > (left := goodwill_left(by, role, moment)):
        raise GoodwillSpent(left=format_money(left, exact=True))
    remedy = Remedy.objects.create(
        complaint=complaint,
        merchant=complaint.merchant,
        kind=RemedyKind.REFUND,
        state=RemedyState.PROMISED,
        is_goodwill=True,
        worth=worth,
        says=says,
        key=key,
        role=role,
        proposed_by=by,
        proposed_at=moment,
    )
    keep(complaint, by=by)
    return remedy


def _both_held(remedy: Remedy) -> tuple[Complaint, Remedy]:
    """The case first, then what hangs on it, as every verb holds them."""
    complaint = held(remedy.complaint)
    remedy = Remedy.objects.locked().get(pk=remedy.pk)
    remedy.complaint = complaint
    return complaint, remedy

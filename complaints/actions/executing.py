"""Doing what was promised, through the verbs of the apps below: once each, however often it is asked."""

from collections.abc import Callable
from datetime import datetime
from typing import cast

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from complaints import kinds, telling
from complaints.actions.holding import held, keep
from complaints.actions.moving import take_to
from complaints.models import BY_HAND, Complaint, Remedy, RemedyKind, RemedyState, Reply
from complaints.reasons.automatic import ALL_DONE
from complaints.refusals import NotDecidable, NotForYou, NotGiveable, ProofMissing
from complaints.remedying.worths import NO_CARD, card_of
from complaints.roles import acting_as
from complaints.states import DESK, Acting, ComplaintState
from coupons.actions import claim_coupon
from coupons.models import CouponProgramme, Via
from loyalty.actions import adjust
from orders.actions import take_back_goods
from portal.kernel.db import retry_on_deadlock
from portal.kernel.models import User
from portal.kernel.refused import Refused

BATCH = 200


@retry_on_deadlock
@transaction.atomic
def execute_remedy(remedy: Remedy, *, by: User | None, moment: datetime, proof: str = "") -> Remedy:
    """Do it and link what it made. Nobody as ``by`` is the portal, which does all but what hands do.

    ``proof`` says how hands did it: the transfer's number, when the service was given. The first
    remedy takes an accepted case into its remedy, the last one out of it. Locks: the case, the remedy.
    """
    complaint = held(remedy.complaint)
    remedy = Remedy.objects.locked().get(pk=remedy.pk)
    if remedy.state == RemedyState.EXECUTED:
        return remedy
    if remedy.state != RemedyState.PROMISED:
        raise NotDecidable(state=remedy.get_state_display())
    _may_execute(remedy, complaint, by, proof)
    if complaint.state == ComplaintState.ACCEPTED:
        take_to(complaint, ComplaintState.IN_REMEDY, by=by, why="", moment=moment)
    remedy.complaint, remedy.proof = complaint, proof.strip()[:120]
    MAKES[RemedyKind(remedy.kind)](remedy, by, moment)
    remedy.state, remedy.stuck = RemedyState.EXECUTED, ""
    remedy.executed_by, remedy.executed_at = by, moment
    remedy.save()
    if complaint.state == ComplaintState.IN_REMEDY and not complaint.remedies.owed().exists():
        step = take_to(complaint, ComplaintState.RESOLVED, by=None, why=ALL_DONE, moment=moment)
        telling.step_told(complaint, step)
    else:
        keep(complaint, by=by)
    return remedy


def _may_execute(remedy: Remedy, complaint: Complaint, by: User | None, proof: str) -> None:
    role = acting_as(by, complaint)
    if role not in (*DESK, Acting.SYSTEM) and (role != Acting.MERCHANT or remedy.is_goodwill):
        raise NotForYou
    if remedy.is_by_hand and (by is None or not proof.strip()):
        raise ProofMissing


def _apologise(remedy: Remedy, by: User | None, moment: datetime) -> None:
    """In the voice of whoever proposed it: the shop's, or the desk's."""
    is_shops = remedy.role == Acting.MERCHANT
    remedy.reply = Reply.objects.create(
        complaint=remedy.complaint,
        by=remedy.proposed_by,
        from_staff=not is_shops,
        from_shop=is_shops,
        said=remedy.says,
        key=remedy.key,
        at=moment,
    )
    telling.person_told(remedy.complaint, kinds.REPLIED, occurrence=f"reply:{remedy.reply.pk}")


def _pay_back(remedy: Remedy, by: User | None, moment: datetime) -> None:
    """The money went by hand; the books of the sale are told, in the name of who agreed at the merchant."""
    if remedy.line is None:
        return
    complaint = remedy.complaint
    remedy.returned = take_back_goods(
        merchant=complaint.shop.merchant,  # type: ignore[arg-type]
        shop=complaint.shop,
        amount=remedy.worth,
        key=remedy.key,
        by=_agreed(remedy),
        line=remedy.line,
        reason=_because(complaint),
        moment=moment,
    )


def _give_points(remedy: Remedy, by: User | None, moment: datetime) -> None:
    card = card_of(remedy.complaint)
    if card is None:
        raise NotGiveable(because=NO_CARD)
    remedy.entry = adjust(
        card,
        remedy.points,
        reason=_because(remedy.complaint),
        key=remedy.key,
        by=_agreed(remedy),
        moment=moment,
    )


def _give_coupon(remedy: Remedy, by: User | None, moment: datetime) -> None:
    programme = cast(CouponProgramme, remedy.programme)
    person = remedy.complaint.person
    remedy.coupon = claim_coupon(programme, person, key=remedy.key, via=Via.INBOX, moment=moment)


def _done_by_hand(remedy: Remedy, by: User | None, moment: datetime) -> None:
    """The service was given again at the shop; its proof says when."""


def _agreed(remedy: Remedy) -> User:
    return cast(User, remedy.agreed_by)


def _because(complaint: Complaint) -> str:
    """What stands in the books, which the shop reads, too: without the case of who wasn't named there."""
    with translation.override(complaint.person.language):
        if complaint.is_named:
            return gettext("Complaint %(number)s") % {"number": complaint.number_in_groups}
        return gettext("With our apologies")


MAKES: dict[RemedyKind, Callable[[Remedy, User | None, datetime], None]] = {
    RemedyKind.APOLOGY: _apologise,
    RemedyKind.REFUND: _pay_back,
    RemedyKind.POINTS: _give_points,
    RemedyKind.COUPON: _give_coupon,
    RemedyKind.SERVICE: _done_by_hand,
}


def keep_promises(moment: datetime, *, complaint: int | None = None) -> int:
    """Do what the portal can do by itself, in one case or in all; what is refused waits for people, with
    the reason. How many.

    Each in a transaction of its own, so that one that can't be done stops no other.
    """
    owed = Remedy.objects.owed().filter(stuck="").exclude(kind__in=BY_HAND).select_related("complaint")
    if complaint is not None:
        owed = owed.filter(complaint=complaint)
    return sum(_kept(remedy, moment) for remedy in owed.order_by("pk")[:BATCH])


def _kept(remedy: Remedy, moment: datetime) -> bool:
    try:
        execute_remedy(remedy, by=None, moment=moment)
    except Refused as refusal:
        Remedy.objects.owed().filter(pk=remedy.pk).update(stuck=str(refusal)[:200])
        return False
    return True

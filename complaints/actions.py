"""What can be done with a complaint. Each verb holds the case, checks the rule, writes and tells."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from complaints import kinds, telling
from complaints.deadlines import due_after
from complaints.events import ComplaintFiled, ComplaintMoved
from complaints.models import Complaint, InternalNote, Reply, Step
from complaints.numbers import new_number
from complaints.refusals import Elsewhere, NotFromHere, NotStaff, SayWhy, TakenMeanwhile, TooMany
from complaints.states import OVER_STATES, ComplaintState, may_move
from merchants.models import Shop
from orders.models import Purchase
from portal.kernel import audit
from portal.kernel.codes import new_code
from portal.kernel.events import publish
from portal.kernel.models import User
from portal.kernel.refused import KeyReused

FILED_A_DAY = (
    20  # more in 24 hours than anybody has to complain about; keeps a script from flooding the queue
)


@transaction.atomic
def file_complaint(
    person: User,
    *,
    shop: Shop,
    reason: str,
    said: str,
    key: UUID,
    moment: datetime,
    purchase: Purchase | None = None,
    is_named: bool = False,
) -> Complaint:
    """Open a case about a shop, or about one purchase there, and promise the first answer.

    The shop learns who complains only if ``is_named``.

    The person's row is held, so that the same key twice at once still files one case.
    """
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    if filed := Complaint.objects.filter(person=person, key=key).first():
        return _same_or_refuse(filed, shop, reason, said, purchase)
    _may_file(person, shop, purchase, moment)
    complaint = Complaint.objects.create(
        number=_free_number(),
        token=new_code(20),
        person=person,
        merchant=shop.merchant,
        shop=shop,
        purchase=purchase,
        reason=reason,
        said=said,
        is_named=is_named,
        key=key,
        filed_at=moment,
        due_at=due_after(ComplaintState.RECEIVED, reason, moment, shop.time_zone),
    )
    _filed(complaint)
    return complaint


@transaction.atomic
def reply(
    complaint: Complaint,
    *,
    by: User,
    said: str,
    key: UUID,
    from_staff: bool,
    moment: datetime,
    then: str = "",
) -> Reply:
    """Say something both sides read, and move the case on in the same breath where ``then`` says so.

    Without ``then`` a first answer takes the case into progress, and a person's answer brings a
    case that waited for it back to us.
    """
    complaint = _held(complaint)
    if written := Reply.objects.filter(key=key).first():
        if (written.complaint_id, written.said, written.by_id) != (complaint.pk, said, by.pk):
            raise KeyReused
        return written
    if complaint.state == ComplaintState.CLOSED:
        raise NotFromHere(state=complaint.get_state_display())
    written = Reply.objects.create(
        complaint=complaint, by=by, from_staff=from_staff, said=said, key=key, at=moment
    )
    after = then or _state_after_reply(complaint.state, from_staff=from_staff)
    step = None
    if after != complaint.state:
        step = _enter(complaint, after, by=by, why="", moment=moment)
    elif from_staff and complaint.is_open:
        _promise(complaint, moment)
    if from_staff:
        _answered(complaint, moment)
    _reply_told(complaint, written, step)
    return written


@transaction.atomic
def move(
    complaint: Complaint, to: str, *, by: User, moment: datetime, why: str = "", before: str = ""
) -> Complaint:
    """Take the case to another state. Asking twice for the same move does it once.

    ``before`` is the state the asker saw: if somebody moved the case meanwhile, nothing is done.
    """
    complaint = _held(complaint)
    if complaint.state == to:
        return complaint
    if before and before != complaint.state:
        raise NotFromHere(state=complaint.get_state_display())
    step = _enter(complaint, to, by=by, why=why, moment=moment)
    telling.step_told(complaint, step)
    return complaint


@transaction.atomic
def assign(complaint: Complaint, to: User, *, by: User, instead_of: int | None = None) -> Complaint:
    """Give the case to somebody who answers it; ``instead_of`` is whose it was on the asker's screen."""
    complaint = _held(complaint)
    if complaint.assignee_id == to.pk:
        return complaint
    if complaint.assignee_id != instead_of:
        raise TakenMeanwhile(name=complaint.assignee.says() if complaint.assignee else _("Nobody"))
    if not (to.is_staff and to.has_perm("complaints.answer_complaint")):
        raise NotStaff(name=to.says())
    complaint.assignee = to
    with audit.context(user=by.pk):
        complaint.save(update_fields=["assignee"])
    return complaint


@transaction.atomic
def note(complaint: Complaint, *, by: User, said: str, key: UUID, moment: datetime) -> InternalNote:
    """Leave a word for the colleagues; the person never sees it."""
    complaint = _held(complaint)
    if written := InternalNote.objects.filter(key=key).first():
        if (written.complaint_id, written.said, written.by_id) != (complaint.pk, said, by.pk):
            raise KeyReused
        return written
    return InternalNote.objects.create(complaint=complaint, by=by, said=said, key=key, at=moment)


def _held(complaint: Complaint) -> Complaint:
    return (
        Complaint.objects.locked()
        .select_related("person", "shop", "merchant", "assignee")
        .get(pk=complaint.pk)
    )


def _same_or_refuse(
    filed: Complaint, shop: Shop, reason: str, said: str, purchase: Purchase | None
) -> Complaint:
    asked = (shop.pk, reason, said, purchase.pk if purchase else None)
    if (filed.shop_id, filed.reason, filed.said, filed.purchase_id) != asked:
        raise KeyReused
    return filed


def _made_by(person: User, purchase: Purchase) -> bool:
    return Purchase.objects.made_by(person).filter(pk=purchase.pk).exists()


def _may_file(person: User, shop: Shop, purchase: Purchase | None, moment: datetime) -> None:
    if purchase and (purchase.shop_id != shop.pk or not _made_by(person, purchase)):
        raise Elsewhere
    since = moment - timedelta(days=1)
    if Complaint.objects.filed_by(person).filter(filed_at__range=(since, moment)).count() >= FILED_A_DAY:
        raise TooMany


def _filed(complaint: Complaint) -> None:
    Step.objects.create(
        complaint=complaint, after=complaint.state, by=complaint.person, at=complaint.filed_at
    )
    telling.person_told(complaint, kinds.RECEIVED, occurrence="filed")
    telling.shop_told(complaint)
    publish(
        ComplaintFiled(
            complaint_id=complaint.pk,
            shop_id=complaint.shop_id,
            merchant_id=complaint.merchant_id,
            filed_at=complaint.filed_at.isoformat(),
        )
    )


def _reply_told(complaint: Complaint, written: Reply, step: Step | None) -> None:
    """One act, one message: the step speaks where it says more than that there is an answer."""
    if not written.from_staff:
        telling.assignee_told(complaint, written)
    elif step and step.after != ComplaintState.IN_PROGRESS:
        telling.step_told(complaint, step)
    else:
        telling.person_told(complaint, kinds.REPLIED, occurrence=f"reply:{written.pk}")


def _free_number() -> str:
    number = new_number()
    while Complaint.objects.filter(number=number).exists():
        number = new_number()
    return number


def _state_after_reply(state: str, *, from_staff: bool) -> str:
    waits_for_this = ComplaintState.RECEIVED if from_staff else ComplaintState.WAITING_FOR_YOU
    return ComplaintState.IN_PROGRESS if state == waits_for_this else state


def _enter(complaint: Complaint, to: str, *, by: User, why: str, moment: datetime) -> Step:
    before = complaint.state
    if to not in ComplaintState or not may_move(before, to):
        raise NotFromHere(state=complaint.get_state_display())
    if to == ComplaintState.CLOSED and not why.strip():
        raise SayWhy
    complaint.state = to
    complaint.ended_at = moment if to in OVER_STATES else None
    if complaint.is_open:
        complaint.due_at = due_after(to, complaint.reason, moment, complaint.shop.time_zone)
    with audit.context(user=by.pk):
        complaint.save(update_fields=["state", "ended_at", "due_at"])
    step = Step.objects.create(complaint=complaint, before=before, after=to, by=by, why=why, at=moment)
    publish(ComplaintMoved(complaint_id=complaint.pk, before=before, after=to, at=moment.isoformat()))
    return step


def _promise(complaint: Complaint, moment: datetime) -> None:
    """Our answer opens the next promise: the case is open until somebody ends it."""
    complaint.due_at = due_after(complaint.state, complaint.reason, moment, complaint.shop.time_zone)
    complaint.save(update_fields=["due_at"])


def _answered(complaint: Complaint, moment: datetime) -> None:
    if complaint.answered_at is None:
        complaint.answered_at = moment
        complaint.save(update_fields=["answered_at"])

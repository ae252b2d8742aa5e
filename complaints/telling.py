"""Who hears of which step: the person of the case, the shop's owners and managers, the assignee."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils import translation

from complaints import kinds
from complaints.clocks.deadlines import promise_of
from complaints.duties import covering
from complaints.models import Clock, ClockKind, Complaint, Reply, Step
from complaints.reasons.automatic import why_in_words
from complaints.roles import MAY_ANSWER, MAY_SUPERVISE, holders_of
from merchants.models import Merchant, Role, StaffMember
from messaging.actions import tell, tell_many
from messaging.kinds import Kind


def person_told(complaint: Complaint, kind: Kind, *, occurrence: str, why: str = "") -> None:
    tell(
        complaint.person,
        kind,
        occurrence=f"complaint:{complaint.pk}:{occurrence}",
        url=reverse("complaints:case", args=[complaint.token]),
        number=complaint.number_in_groups,
        shop=complaint.shop.name,
        why=why,
        due=promise_of(complaint).at,
    )


def step_told(complaint: Complaint, step: Step) -> None:
    """Nobody is told of what they did themselves, nor of steps that change nothing for them."""
    _shop_step_told(complaint, step)
    kind = kinds.ON_ENTERING.get(step.after)
    if kind and step.by_id != complaint.person_id:
        with translation.override(complaint.person.language):
            why = why_in_words(step.role, step.why)
        person_told(complaint, kind, occurrence=f"step:{step.pk}", why=why)


def shop_told(complaint: Complaint) -> None:
    """Those who may read the merchant's complaints; never with the person's name."""
    if complaint.merchant is None:
        return
    tell_many(
        _readers_at_shop(complaint),
        kinds.ABOUT_YOUR_SHOP,
        occurrence=f"complaint:{complaint.pk}",
        url=reverse("complaints:of_merchant", args=[complaint.merchant.slug]),
        number=complaint.number_in_groups,
        shop=complaint.shop.name,
    )


def _shop_step_told(complaint: Complaint, step: Step) -> None:
    """The shop hears that its answer is wanted, and that what was proposed is accepted."""
    kind = kinds.SHOP_ON_ENTERING.get(step.after)
    if kind is None or complaint.merchant is None:
        return
    asked = complaint.clocks.unended().filter(kind=ClockKind.MERCHANT).first()
    tell_many(
        _readers_at_shop(complaint),
        kind,
        occurrence=f"complaint:{complaint.pk}:shop:{step.pk}",
        url=case_at_shop(complaint, complaint.merchant),
        number=complaint.number_in_groups,
        shop=complaint.shop.name,
        due=asked.due_at if asked else complaint.due_at,
    )


def assignee_told(complaint: Complaint, reply: Reply, kind: Kind) -> None:
    if complaint.assignee is None:
        return
    tell(
        complaint.assignee,
        kind,
        occurrence=f"reply:{reply.pk}",
        url=reverse("admin:complaints_complaint_change", args=[complaint.pk]),
        number=complaint.number_in_groups,
        shop=complaint.shop.name,
    )


def warned(clock: Clock) -> None:
    """Who has to act hears it before the time is up: the person, the shop, or the desk."""
    complaint = clock.complaint
    if clock.kind == ClockKind.CONSUMER:
        url = reverse("complaints:case", args=[complaint.token])
        _clock_told([complaint.person_id], kinds.ANSWER_AWAITED, clock, url)
    elif clock.kind == ClockKind.MERCHANT and complaint.merchant:
        url = case_at_shop(complaint, complaint.merchant)
        _clock_told(_readers_at_shop(complaint), kinds.SHOP_ANSWER_DUE, clock, url)
    else:
        _clock_told(_desk(complaint, MAY_ANSWER), kinds.DUE_SOON, clock, case_on_desk(complaint))


def overdue(clock: Clock) -> None:
    """Whose case it is, and those it goes up to."""
    complaint = clock.complaint
    people = {*_desk(complaint, MAY_SUPERVISE), *_of_the_desk(complaint, MAY_SUPERVISE)}
    _clock_told(sorted(people), kinds.OVERDUE, clock, case_on_desk(complaint))


def _clock_told(people: Iterable[int], kind: Kind, clock: Clock, url: str) -> None:
    tell_many(
        people,
        kind,
        occurrence=f"clock:{clock.pk}",
        url=url,
        number=clock.complaint.number_in_groups,
        shop=clock.complaint.shop.name,
        due=clock.due_at,
    )


def case_at_shop(complaint: Complaint, merchant: Merchant) -> str:
    return reverse("complaints:at_shop", args=[merchant.slug, complaint.number])


def _readers_at_shop(complaint: Complaint) -> list[int]:
    answering = StaffMember.objects.current().filter(
        merchant=complaint.merchant_id, role__in=[Role.OWNER, Role.MANAGER]
    )
    return list(answering.values_list("user_id", flat=True))


def _desk(complaint: Complaint, otherwise: str) -> list[int]:
    """Whose case it is; a case that is nobody's is everybody's who may."""
    if complaint.assignee_id:
        return [complaint.assignee_id]
    return _of_the_desk(complaint, otherwise)


def _of_the_desk(complaint: Complaint, right: str) -> list[int]:
    """Who holds the right and has the case among their duties."""
    return [user.pk for user in covering(holders_of(right), complaint)]


def case_on_desk(complaint: Complaint) -> str:
    return reverse("admin:complaints_complaint_change", args=[complaint.pk])

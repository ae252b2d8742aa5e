"""Who hears of a remedy before the person does: those who have to say yes, and who wanted it."""

from collections.abc import Iterable

from django.utils import translation

from complaints import kinds
from complaints.models import Complaint, Remedy
from complaints.remedying.authority import decides_alone
from complaints.roles import MAY_SUPERVISE, holders_of
from complaints.states import Acting, ComplaintState
from complaints.telling import case_at_shop, case_on_desk
from merchants.models import Role, StaffMember
from messaging.actions import tell_many
from messaging.kinds import Kind
from portal.kernel.money import format_money


def proposed(remedy: Remedy) -> None:
    """Whoever has to agree or approve; and the desk, where the shop offered without being asked."""
    complaint = remedy.complaint
    if remedy.waits_for_merchant:
        _told(remedy, _may_agree(remedy), kinds.REMEDY_AWAITED, at_shop=True)
    if remedy.waits_for_second:
        leads = holders_of(MAY_SUPERVISE).exclude(pk=remedy.proposed_by_id)
        _told(remedy, leads.values_list("pk", flat=True), kinds.SECOND_AWAITED)
    was_asked = complaint.state == ComplaintState.AWAITING_MERCHANT
    if remedy.role == Acting.MERCHANT and complaint.assignee_id and not was_asked:
        _told(remedy, [complaint.assignee_id], kinds.SHOP_OFFERED)


def approved(remedy: Remedy) -> None:
    _told(remedy, [remedy.proposed_by_id], kinds.REMEDY_APPROVED, at_shop=remedy.role == Acting.MERCHANT)


def dropped(remedy: Remedy) -> None:
    with translation.override(remedy.proposed_by.language):
        why = remedy.dropped_because
    _told(
        remedy, [remedy.proposed_by_id], kinds.REMEDY_DROPPED, at_shop=remedy.role == Acting.MERCHANT, why=why
    )


def _may_agree(remedy: Remedy) -> Iterable[int]:
    """The owners; managers as well, as far as their limit reaches."""
    roles = [Role.OWNER]
    if remedy.worth <= decides_alone(Acting.MERCHANT):
        roles.append(Role.MANAGER)
    answering = StaffMember.objects.current().filter(merchant=remedy.merchant_id, role__in=roles)
    return answering.exclude(user=remedy.proposed_by_id).values_list("user_id", flat=True)


def _told(remedy: Remedy, people: Iterable[int], kind: Kind, *, at_shop: bool = False, why: str = "") -> None:
    complaint = remedy.complaint
    tell_many(
        sorted(people),
        kind,
        occurrence=f"remedy:{remedy.pk}",
        url=_place(complaint, at_shop),
        number=complaint.number_in_groups,
        shop=complaint.shop.name,
        worth=format_money(remedy.worth, exact=True),
        why=why,
    )


def _place(complaint: Complaint, at_shop: bool) -> str:
    if at_shop and complaint.merchant:
        return case_at_shop(complaint, complaint.merchant)
    return case_on_desk(complaint)

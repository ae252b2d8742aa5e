"""Who hears of which step: the person of the case, the shop's owners and managers, the assignee."""

from django.urls import reverse
from django.utils import translation

from complaints import kinds
from complaints.models import Complaint, Reply, Step
from complaints.reasons import why_in_words
from merchants.models import Role, StaffMember
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
        due=complaint.due_at,
    )


def step_told(complaint: Complaint, step: Step) -> None:
    """Nobody is told of what they did themselves, nor of steps that change nothing for them."""
    kind = kinds.ON_ENTERING.get(step.after)
    if kind and step.by_id != complaint.person_id:
        with translation.override(complaint.person.language):
            why = why_in_words(step.role, step.why)
        person_told(complaint, kind, occurrence=f"step:{step.pk}", why=why)


def shop_told(complaint: Complaint) -> None:
    """Those who may read the merchant's complaints; never with the person's name."""
    if complaint.merchant is None:
        return
    readers = StaffMember.objects.current().filter(
        merchant=complaint.merchant_id, role__in=[Role.OWNER, Role.MANAGER]
    )
    tell_many(
        readers.values_list("user_id", flat=True),
        kinds.ABOUT_YOUR_SHOP,
        occurrence=f"complaint:{complaint.pk}",
        url=reverse("complaints:of_merchant", args=[complaint.merchant.slug]),
        number=complaint.number_in_groups,
        shop=complaint.shop.name,
    )


def assignee_told(complaint: Complaint, reply: Reply) -> None:
    if complaint.assignee is None:
        return
    tell(
        complaint.assignee,
        kinds.PERSON_ANSWERED,
        occurrence=f"reply:{reply.pk}",
        url=reverse("admin:complaints_complaint_change", args=[complaint.pk]),
        number=complaint.number_in_groups,
        shop=complaint.shop.name,
    )

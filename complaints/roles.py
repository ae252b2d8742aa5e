"""As who somebody acts on a case. One person is one thing to one case: nobody decides their own."""

from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet

from complaints.duties import covers
from complaints.models import Complaint
from complaints.states import Acting
from merchants.models import Role, StaffMember
from portal.kernel.models import User

MAY_READ = "complaints.view_complaint"
MAY_ANSWER = "complaints.answer_complaint"
MAY_SUPERVISE = "complaints.supervise_complaint"
MAY_MANAGE = "complaints.manage_complaint"


def acting_as(user: User | None, complaint: Complaint, *, is_within: bool = False) -> str:
    """The role in this case; empty for a stranger. Nobody at all is the portal's own clockwork.

    Who complains is the consumer even as staff; who works at the merchant is never the desk; and to who has
    other duties the case is a stranger's; ``is_within`` says that these were looked at already.
    """
    if user is None:
        return Acting.SYSTEM
    if user.pk == complaint.person_id:
        return Acting.CONSUMER
    works_as = work_at(user, complaint.merchant_id)
    if works_as:
        return Acting.MERCHANT if works_as in (Role.OWNER, Role.MANAGER) else ""
    role = staff_role(user)
    return role if role and (is_within or covers(user, complaint)) else ""


def staff_role(user: User) -> str:
    """The highest desk right that the user holds."""
    if not user.is_staff:
        return ""
    for permission, role in (
        (MAY_MANAGE, Acting.MANAGER),
        (MAY_SUPERVISE, Acting.SUPERVISOR),
        (MAY_ANSWER, Acting.AGENT),
    ):
        if user.has_perm(permission):
            return role
    return ""


def work_at(user: User, merchant: int | None) -> str | None:
    """As what the user works for the merchant now."""
    if merchant is None:
        return None
    working = StaffMember.objects.current().filter(merchant=merchant, user=user)
    return working.values_list("role", flat=True).first()


def holders_of(permission: str) -> QuerySet[User]:
    """Platform staff who hold the right, by a group, by themselves, or as superusers."""
    app, codename = permission.split(".")
    may = Permission.objects.filter(codename=codename, content_type__app_label=app)
    holders = User.objects.filter(is_staff=True, is_active=True).filter(
        Q(is_superuser=True) | Q(groups__permissions__in=may) | Q(user_permissions__in=may)
    )
    return holders.distinct()

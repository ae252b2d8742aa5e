"""Who handles reports of misconduct: whom the one right was given, and nobody by being a superuser."""

from django.db.models import Q

from complaints.models import MisconductReport
from complaints.roles import work_at
from portal.kernel.models import User

MAY_HANDLE = "handle_misconduct"


def handles_misconduct(user: User) -> bool:
    """The right itself, by a group or by oneself; ``has_perm`` would let every superuser in."""
    if not (user.is_authenticated and user.is_staff and user.is_active):
        return False
    given = Q(groups__permissions__codename=MAY_HANDLE) | Q(user_permissions__codename=MAY_HANDLE)
    return User.objects.filter(given, pk=user.pk).exists()


def handles(user: User, report: MisconductReport) -> bool:
    """Not one's own report, and not one about the business where one works."""
    if not handles_misconduct(user) or report.person_id == user.pk:
        return False
    return work_at(user, report.shop.merchant_id if report.shop else None) is None

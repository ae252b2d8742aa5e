"""Long work of member cards that runs in the background and has a page; and what is told when it ends."""

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from loyalty import actions, members_invariants, members_told
from loyalty.actions.bringing import bring_members
from loyalty.actions.importing import BRING, CHECK, TAKE_BACK, look_through
from loyalty.actions.taking_back import take_back
from portal.kernel.jobs import job_kind

__all__ = ["members_invariants", "members_told"]  # these register on import

job_kind(CHECK, _("Checking the list of members"))(look_through)
job_kind(BRING, _("Importing members"))(bring_members)
job_kind(TAKE_BACK, _("Taking an import back"))(take_back)


@shared_task
def forget_imports() -> int:
    return actions.forget_imports(timezone.now())

"""What complaints do by the clock."""

from zoneinfo import ZoneInfo

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from complaints import actions, fetching
from complaints.events import ProposalAccepted
from portal.kernel.events import subscribe


@shared_task
def fetch_mail() -> int:
    """Every minute: what people wrote to the complaints mailbox, where there is one."""
    return fetching.fetch()


@shared_task
def forget_mail() -> int:
    """Every night: mail that was dealt with a month ago is no longer kept as it came."""
    return actions.forget_mail(timezone.now())


@shared_task
def settle() -> int:
    """Every morning: what was solved and left alone since closes."""
    return actions.settle(timezone.now())


@shared_task
def ask_how_it_was() -> int:
    """Every morning, after the closing: how it was for those whose case has ended."""
    return actions.ask_how_it_was(timezone.now())


@shared_task
def remind() -> int:
    """Every five minutes: warnings before deadlines, and what goes up after them."""
    return actions.remind(timezone.now())


@shared_task
def know_holidays() -> int:
    """Every night: public holidays, as soon as the state has fixed them."""
    return actions.know_holidays(timezone.localdate())


@subscribe(ProposalAccepted)
def what_was_accepted_is_given(event: ProposalAccepted) -> None:
    """Apologies, points and coupons, as soon as the person has said yes."""
    actions.keep_promises(timezone.now(), complaint=event.complaint_id)


@shared_task
def keep_promises() -> int:
    """Every five minutes: what was promised in any other way, and what a broken worker left behind."""
    return actions.keep_promises(timezone.now())


@shared_task
def check_effects() -> int:
    """Every morning: whether what was done about causes helped."""
    return actions.check_effects(timezone.localtime(timezone=ZoneInfo(settings.HOME_TIME_ZONE)))

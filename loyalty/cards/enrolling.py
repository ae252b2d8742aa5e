"""How often a person at the till may make members of bare phone numbers: each one sends a text message."""

from django.utils.translation import gettext_lazy as _

from portal.kernel.limits import Limit, take
from portal.kernel.models import User
from portal.kernel.refused import Refused

WALK_INS = Limit("walk-ins enrolled", most=100, seconds=86_400)


class EnrolledEnough(Refused):
    status = 429
    sentence = _("You have enrolled 100 customers today. Ask a colleague, or let people join by themselves.")


def count_walk_in(by: User) -> None:
    """Called by the page, outside of any transaction. Raises EnrolledEnough."""
    if not take(WALK_INS, by.pk):
        raise EnrolledEnough

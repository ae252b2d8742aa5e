"""Where somebody is just now, told by themselves for half an hour: one square, then gone."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consumers.actions.areas import TEXT_VERSION
from consumers.cells import cell_of
from consumers.models import AreaConsent, AreaPurpose, HereNow
from portal.kernel.models import User

SHARED_FOR = timedelta(minutes=30)
HERE_TEXT = _(
    "For 30 minutes, shops nearby may send me deals because I am here now. Only the square of about 500"
    " metres is kept, no shop sees it, and it is erased when the time is over."
)


@transaction.atomic
def share_position(person: User, lat: float, lon: float, *, moment: datetime | None = None) -> HereNow:
    """Pressing the button is the yes; pressing it again moves the square and begins the time anew."""
    moment, cell = moment or timezone.now(), cell_of(lat, lon)
    User.objects.select_for_update(no_key=True).get(pk=person.pk)  # two taps at once are one yes
    standing = HereNow.objects.filter(person=person, until__gt=moment).exists()
    if not standing:
        _say(person, True)
    facts = {"row": cell.row, "column": cell.column, "until": moment + SHARED_FOR}
    return HereNow.objects.update_or_create(person=person, defaults=facts)[0]


@transaction.atomic
def stop_sharing(person: User) -> None:
    """Gone at once."""
    if HereNow.objects.filter(person=person).delete()[0]:
        _say(person, False)


def forget_positions(moment: datetime) -> int:
    """Erase those whose time is over; nobody was told anything by them since."""
    return HereNow.objects.filter(until__lte=moment).delete()[0]


def _say(person: User, agreed: bool) -> None:
    AreaConsent.objects.create(
        person=person, purpose=AreaPurpose.NOW, agreed=agreed, text_version=TEXT_VERSION
    )

"""What complaints need of the configuration before anybody is served."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from complaints.clocks.statutory import PROFILES
from complaints.mailbox.place import faults
from portal.kernel.checks import TAG


@register(TAG)
def mailbox_is_whole_or_off(**kwargs: Any) -> list[CheckMessage]:
    return [Error(fault, id="complaints.E001") for fault in faults()]


@register(TAG)
def profile_of_law_is_known(**kwargs: Any) -> list[CheckMessage]:
    if settings.COMPLAINT_PROFILE in PROFILES:
        return []
    known = ", ".join(name for name in PROFILES if name)
    return [Error(f"COMPLAINT_PROFILE is empty or one of: {known}", id="complaints.E002")]

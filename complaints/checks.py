"""What complaints need of the configuration before anybody is served."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from complaints.mailbox.place import faults
from portal.kernel.checks import TAG


@register(TAG)
def mailbox_is_whole_or_off(**kwargs: Any) -> list[CheckMessage]:
    return [Error(fault, id="complaints.E001") for fault in faults()]

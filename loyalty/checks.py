"""What spending PINs need before anybody is served."""

from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

from loyalty.pins import peppers
from portal.kernel.checks import TAG


@register(TAG)
def pins_can_be_hashed(**kwargs: Any) -> list[CheckMessage]:
    try:
        peppers()
    except (ImproperlyConfigured, ValueError) as fault:
        return [Error(f"PIN_PEPPER can't be used: {fault}", id="loyalty.E001")]
    return []

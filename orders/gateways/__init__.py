"""Payment providers behind one interface; ``PAYMENT_GATEWAY`` names the one in use, empty for none."""

from django.conf import settings

from orders.gateways.interface import Forged, Gateway, Notice
from orders.gateways.simulated import Simulated

GATEWAYS: dict[str, type[Gateway]] = {Simulated.name: Simulated}


def gateway() -> Gateway | None:
    """The provider that new payments go to; None where online payment is not offered."""
    found = GATEWAYS.get(settings.PAYMENT_GATEWAY)
    return found() if found else None


def named(name: str) -> Gateway | None:
    """The provider of payments that are under way, in use for new ones or not."""
    found = GATEWAYS.get(name)
    return found() if found else None


__all__ = ["GATEWAYS", "Forged", "Gateway", "Notice", "gateway", "named"]

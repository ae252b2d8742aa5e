"""Addresses that the other end says are none: nothing more goes there."""

from messaging.models import Channel, DeadAddress
from portal.kernel.crypto import blind_index


def mark_dead(channel: str, address: str, detail: str = "") -> None:
    """Receipts and advertising skip it from now on; sign-in codes are still tried. Twice is once."""
    DeadAddress.objects.get_or_create(
        channel=Channel(channel), digest=blind_index(address), defaults={"detail": detail[:300]}
    )

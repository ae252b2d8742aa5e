"""What needs a yes, what can't be refused, and the words that were agreed to."""

from dataclasses import dataclass

from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from messaging.models import TRANSACTIONAL, Channel, Purpose
from portal.kernel.crypto import blind_index

# Changing a word of the sentence takes a new version: the ledger says which one a person saw.
TEXT_VERSION = "2026-11-22"
TEXT = _(
    "Street Corner may tell me about what I tick here, on the channels I tick. "
    "I can take each tick away at any time, here or by the link in each message."
)

_SALT = "messaging.unsubscribe"


def by_default(purpose: str, channel: str) -> bool:
    """Service messages and the quiet inbox need no yes; everything that comes to the person does."""
    return purpose in TRANSACTIONAL or channel == Channel.INBOX


def is_fixed(purpose: str, channel: str) -> bool:
    """What an account can't do without: its codes and warnings, and the record of money and cases."""
    return purpose == Purpose.ACCOUNT or (purpose in TRANSACTIONAL and channel == Channel.INBOX)


@dataclass(frozen=True)
class WayOut:
    """Whom an unsubscribe link is about, what it stops, and on whose behalf the message came."""

    person_id: int
    purpose: Purpose
    channel: Channel
    merchant_id: int | None = None


def unsubscribe_token(person_id: int, purpose: str, channel: str, merchant_id: int | None = None) -> str:
    """Whom and what, signed, so nobody can make one for somebody else; good for as long as a mail is kept."""
    about = [person_id, purpose, channel, *([merchant_id] if merchant_id else [])]
    return signing.Signer(salt=_SALT).sign_object(about)


def read_unsubscribe_token(token: str) -> WayOut | None:
    try:
        person_id, purpose, channel, *merchant = signing.Signer(salt=_SALT).unsign_object(token)
        return WayOut(int(person_id), Purpose(purpose), Channel(channel), merchant[0] if merchant else None)
    except (signing.BadSignature, ValueError, TypeError):
        return None


def unsubscribe_path(person_id: int, purpose: str, channel: str, merchant_id: int | None = None) -> str:
    token = unsubscribe_token(person_id, purpose, channel, merchant_id)
    return reverse("messaging:unsubscribe", args=[token])


def proof_of(text: str) -> str:
    """What shows who said so, without keeping the secret itself: the session's or the link's digest."""
    return blind_index(text).hex()[:32] if text else ""

"""What needs a yes, what can't be refused, and the words that were agreed to."""

from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from messaging.models import TRANSACTIONAL, Channel, Purpose

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


def unsubscribe_token(person_id: int, purpose: str, channel: str) -> str:
    """Whom and what, signed, so nobody can make one for somebody else; good for as long as a mail is kept."""
    return signing.Signer(salt=_SALT).sign_object([person_id, purpose, channel])


def read_unsubscribe_token(token: str) -> tuple[int, Purpose, Channel] | None:
    try:
        person_id, purpose, channel = signing.Signer(salt=_SALT).unsign_object(token)
        return int(person_id), Purpose(purpose), Channel(channel)
    except (signing.BadSignature, ValueError, TypeError):
        return None


def unsubscribe_path(person_id: int, purpose: str, channel: str) -> str:
    return reverse("messaging:unsubscribe", args=[unsubscribe_token(person_id, purpose, channel)])

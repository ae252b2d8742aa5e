"""Looking after people's contacts: masked for everybody, shown to staff for a reason and on record."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal.kernel.limits import Limit, take
from portal.kernel.models import Reveal, User
from portal.kernel.refused import Refused

LOOKS = Limit("looks at contacts", most=50, seconds=86_400)


class LookedTooOften(Refused):
    status = 429
    sentence = _("You have looked at 50 people's contacts today. Ask a colleague or go on tomorrow")


def masked_phone(phone: str | None) -> str:
    """``+86 ••• •••• 8000``: enough to compare, not enough to call."""
    return f"{phone[:3]} ••• •••• {phone[-4:]}" if phone else ""


def masked_email(email: str | None) -> str:
    """``z•••@example.com``"""
    name, _at, host = (email or "").partition("@")
    return f"{name[:1]}•••@{host}" if email else ""


def found_by(people: Any, text: str) -> Any:
    """By the whole number, the whole address, or the person's own number; nothing for anything else."""
    text = text.strip()
    if not text:
        return people
    if "@" in text:
        return people.with_email(text)
    if text.startswith("+"):
        return people.with_phone(text.replace(" ", ""))
    return people.filter(pk=int(text)) if text.isdigit() and len(text) < 18 else people.none()


def reveal(person: User, *, by: Any, reason: str) -> Reveal:
    """Put on record that ``by`` looks at the person's contacts. Raises LookedTooOften."""
    if not take(LOOKS, by.pk):
        raise LookedTooOften
    with transaction.atomic():
        return Reveal.objects.create(person=person, by=by, reason=reason)

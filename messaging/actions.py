"""Telling people things: one message per person and occurrence, written with the fact it tells of."""

from typing import Any

from django.db import transaction

from messaging.kinds import Kind
from messaging.models import Message
from portal.kernel.models import User


@transaction.atomic
def tell(person: User, kind: Kind, *, occurrence: str, url: str = "", **params: Any) -> Message:
    """Write the message into the sender's transaction; the worker delivers it after the commit.

    ``occurrence`` names what happened (``purchase:812``): telling it again changes nothing.
    """
    message, _created = Message.objects.get_or_create(
        person=person,
        kind=kind.name,
        occurrence=occurrence,
        defaults={"purpose": kind.purpose, "params": params, "url": url},
    )
    return message

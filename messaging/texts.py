"""Sign-in codes and account letters: to an address, perhaps before there is an account.

The address and the words are sealed in the row and erased from it once they are sent.
"""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from messaging import delivery
from messaging.channels import way
from messaging.kinds import Kind, register
from messaging.models import Channel, Dispatch, Message, Priority, Purpose
from portal.kernel.hints import hint

CODE_LIVES = timedelta(minutes=5)
LETTER_LIVES = timedelta(days=2)

SIGN_IN_CODE = register(
    Kind(
        "account.code",
        Purpose.ACCOUNT,
        title=_("Sign-in code"),
        body=_(
            "Your code is %(code)s. It works for five minutes. Nobody from Street Corner will ask for it."
        ),
        channels=(Channel.SMS,),
        priority=Priority.URGENT,
        template="sign_in_code",
    )
)
ACCOUNT_LETTER = register(
    Kind(
        "account.letter",
        Purpose.ACCOUNT,
        title="%(subject)s",
        body="%(body)s",
        channels=(Channel.EMAIL,),
        priority=Priority.URGENT,
    )
)


def send_code_sms(phone: str, code: str, *, language: str) -> None:
    """``phone`` in E.164. A code that can't be delivered within its five minutes is dropped."""
    write_to(SIGN_IN_CODE, phone, language, CODE_LIVES, code=code)


def send_code_email(address: str, subject: str, body: str, *, language: str = "") -> None:
    """A letter whose words the accounts pages have already written in the person's language."""
    write_to(
        ACCOUNT_LETTER,
        address,
        language or get_language() or "",
        LETTER_LIVES,
        subject=subject,
        body=body,
    )


@transaction.atomic
def write_to(kind: Kind, to: str, language: str, lives: timedelta, *, url: str = "", **params: Any) -> None:
    """To a phone (E.164) or an e-mail address, whoever is behind it, by the kind's one channel.

    ``url`` is the path that the message leads to; the kind may make of it one that opens from outside.
    """
    language = language or settings.LANGUAGE_CODE
    message = Message.objects.create(
        kind=kind.name,
        occurrence=str(uuid4()),
        purpose=kind.purpose,
        sealed=json.dumps({"to": to, "language": language, "params": params}),
        url=url,
        in_inbox=False,
        useless_after=timezone.now() + lives,
    )
    channel = kind.channels[0]
    dispatch = Dispatch.objects.create(message=message, channel=channel, priority=kind.queue)

    def go() -> None:
        """What needs no network goes at once; a provider is the worker's business."""
        if way(channel).networked:
            hint("messaging.tasks.send_due")
        else:
            delivery.send_now(dispatch.pk)

    transaction.on_commit(go, robust=True)

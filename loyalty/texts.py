"""The code that lets a holder set a PIN: by text to the proven phone, by e-mail to who has none."""

from django.utils.translation import gettext_lazy as _

from messaging.kinds import Kind, register
from messaging.models import Channel, Priority, Purpose
from messaging.texts import CODE_LIVES, write_to
from portal.kernel.models import User

PIN_CODE = register(
    Kind(
        "loyalty.pin_code",
        Purpose.ACCOUNT,
        title=_("Code for your PIN"),
        body=_(
            "Your code to set the PIN of your card of %(merchant)s is %(code)s. It works for five minutes."
            " Give it to nobody, not even the shop."
        ),
        channels=(Channel.SMS,),
        priority=Priority.URGENT,
        template="pin_code",
    )
)
PIN_LETTER = register(
    Kind(
        "loyalty.pin_letter",
        Purpose.ACCOUNT,
        title=PIN_CODE.title,
        body=PIN_CODE.body,
        channels=(Channel.EMAIL,),
        priority=Priority.URGENT,
    )
)


def send_pin_code(person: User, digits: str, *, merchant: str) -> None:
    """To the phone that the person has proven, else to the e-mail address; in the person's language."""
    by_phone = bool(person.phone and person.phone_verified_at)
    kind, to = (PIN_CODE, person.phone) if by_phone else (PIN_LETTER, person.email)
    write_to(kind, to or "", person.language, CODE_LIVES, code=digits, merchant=merchant)

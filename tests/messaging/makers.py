"""Messages to people, and the answers of an imaginary provider."""

import itertools
from typing import Any

from messaging import actions, kinds
from messaging.channels import Answer, Parcel, Verdict
from messaging.kinds import Kind
from messaging.models import Channel, Message, Purpose
from portal.kernel.models import User

_numbers = itertools.count(1)

EVERYWHERE = (Channel.INBOX, Channel.PUSH, Channel.EMAIL, Channel.SMS)
RECEIPT = kinds.register(
    Kind("test.receipt", Purpose.MONEY, "Paid at %(shop)s", "You paid %(amount)s.", EVERYWHERE)
)
DEAL = kinds.register(Kind("test.deal", Purpose.DEALS, "Tonight at %(shop)s", "Half price.", EVERYWHERE))
WARNING = kinds.register(Kind("test.warning", Purpose.ACCOUNT, "New device", "Was it you?", EVERYWHERE))
RECEIPT_MAIL = kinds.register(
    Kind("test.mail", Purpose.MONEY, "Paid at %(shop)s", "You paid %(amount)s.", (Channel.EMAIL,))
)
DEAL_MAIL = kinds.register(
    Kind("test.deal_mail", Purpose.DEALS, "Tonight at %(shop)s", "Half price.", (Channel.EMAIL,))
)
RECEIPT_PUSH = kinds.register(
    Kind("test.push", Purpose.MONEY, "Paid at %(shop)s", "You paid %(amount)s.", (Channel.PUSH,))
)
DEAL_PUSH = kinds.register(
    Kind("test.deal_push", Purpose.DEALS, "Tonight at %(shop)s", "Half price.", (Channel.PUSH,))
)


def make_message(person: User, kind: Kind = RECEIPT, **fields: Any) -> Message:
    fields = {"occurrence": f"purchase:{next(_numbers)}", "shop": "青禾理发", "amount": "¥38"} | fields
    return actions.tell(person, kind, **fields)


class FakeWay:
    """A channel that answers as it is told and keeps what it got."""

    networked = True

    def __init__(self, *answers: Answer | Exception) -> None:
        self.answers = list(answers)
        self.parcels: list[Parcel] = []

    def is_set_up(self) -> bool:
        return True

    def send(self, parcel: Parcel) -> Answer:
        self.parcels.append(parcel)
        answer = self.answers.pop(0) if self.answers else Answer(Verdict.SENT)
        if isinstance(answer, Exception):
            raise answer
        return answer

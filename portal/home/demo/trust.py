"""What people of the demo town do for its listings: confirm, correct, claim; and what the night finds."""

import random
import uuid
from datetime import datetime

from consumers.actions import still_true
from merchants import actions
from merchants.actions import Proposal
from merchants.models import Shop, Wrong
from portal.kernel.models import User


def look_after_listings(dice: random.Random, cast: dict[str, User], own: Shop, now: datetime) -> None:
    """A confirmation, a report for an owner and two for our staff, a claim, a dispute, likely duplicates."""
    consumer, visitor = cast["consumer"], cast["visitor-en"]
    still_true(own, consumer, moment=now)

    def say(shop: Shop, proposal: Proposal, by: User | None, said: str = "") -> None:
        key = uuid.UUID(int=dice.getrandbits(128))
        actions.propose(shop, proposal, by=by, address="192.0.2.7", key=key, said=said)

    say(own, Proposal(wrong=Wrong.PHONE, text="021 6437 0000"), visitor, "The number on the door is this one")
    open_data = list(Shop.objects.listed().filter(merchant=None).order_by("pk")[:3])
    if len(open_data) == 3:
        say(open_data[0], Proposal(wrong=Wrong.HOURS, text="Mo-Su 08:00-22:00"), consumer, "门口贴着新时间")
        say(open_data[1], Proposal(wrong=Wrong.CLOSED), None, "卷帘门上写着转让")
        actions.claim_listing(open_data[2], by=cast["stranger"], said="执照上是我的名字")
    actions.claim_listing(own, by=visitor, said="I took over this shop last month, the lease is in my name")
    actions.find_duplicates()

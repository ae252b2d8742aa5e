"""Ten keys in another order for each answer: a till's screen and its network learn places, no digits."""

import hashlib
import hmac
import random

from loyalty.models import Approval
from loyalty.pins import peppers


def keys_of(approval: Approval, turn: int | None = None) -> list[str]:
    """The digits in the order of the keys; worked out anew each time, never stored.

    ``turn``: the keypad that is answered; without it the one to be shown now.
    """
    pepper = next(iter(peppers().values()))
    turn = approval.turns if turn is None else turn
    seed = hmac.new(pepper, f"keypad/{approval.token}/{turn}".encode(), hashlib.sha256).digest()
    keys = list("0123456789")
    random.Random(seed).shuffle(keys)  # noqa: S311 (the seed is the secret)
    return keys

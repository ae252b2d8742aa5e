"""Makers of printed cards."""

import uuid

from django.utils import timezone

from loyalty import actions
from orders import finding
from tests.cast import owner_of
from tests.loyalty.makers import make_programme


def make_batch(merchant, quantity=3, *, key=None):
    make_programme(merchant)
    return actions.make_batch(merchant, quantity, key=key or uuid.uuid4(), by=owner_of(merchant))


def look_up(merchant, cashier, text):
    """What a scan of it puts on the counter."""
    return finding.find(merchant, text, by=cashier, moment=timezone.now(), held=finding.Basket())


def blank_of(merchant):
    return make_batch(merchant, 1).media.select_related("merchant").get()

"""Saying that a listing is still true: asked of people who bought something there."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from merchants import actions
from merchants.actions.provenance import quarter_of
from merchants.models import Confirmation, Shop
from orders.models import Purchase, PurchaseQuerySet
from portal.kernel.models import User
from portal.kernel.refused import Refused

ASKED_WITHIN = timedelta(days=90)  # after the last purchase


class NotBeenThere(Refused):
    sentence = _("We ask people who bought something there in the last three months.")


def last_purchase(shop: Shop, person: User, moment: datetime) -> Purchase | None:
    """The person's latest standing purchase at the shop that is recent enough to tell."""
    return recent_purchases(person, moment).filter(shop=shop).first()


def recent_purchases(person: User, moment: datetime) -> PurchaseQuerySet:
    return Purchase.objects.made_by(person).standing().rung_up_since(moment - ASKED_WITHIN)


def is_asked(shop: Shop, person: User, moment: datetime) -> Purchase | None:
    """The purchase because of which the person is asked; None when there is none or they have answered."""
    purchase = last_purchase(shop, person, moment)
    if purchase is None:
        return None
    said = Confirmation.objects.filter(shop=shop, by=person, quarter=quarter_of(moment))
    return None if said.exists() else purchase


def still_true(shop: Shop, person: User, *, moment: datetime) -> bool:
    """Confirm every fact of the listing; False when the person has done so this quarter already."""
    if last_purchase(shop, person, moment) is None:
        raise NotBeenThere
    return actions.confirm_shop(shop, by=person, moment=moment)

"""What can be paid for online."""

from loyalty.models import Card, CardState, PassOffer
from loyalty.models.passes import PassOfferQuerySet
from merchants.models import Shop
from orders.gateways import gateway


def passes_for(card: Card) -> PassOfferQuerySet:
    """The visit passes that the holder of this card can buy without a counter."""
    offers = PassOffer.objects.of(card.programme).sold_online()
    return offers if gateway() is not None and card.state == CardState.ACTIVE else offers.none()


def sells_to(card: Card) -> bool:
    """Whether there is one; ``card`` came ``with_passes``, so nothing more is asked."""
    return card.sells_online and gateway() is not None and card.state == CardState.ACTIVE


def booked_at(card: Card, offer: PassOffer | None = None) -> Shop | None:
    """Online money has no counter: the merchant's first shop stands for it, of those where a pass is good."""
    shops = card.merchant.shops.filter(closed_at=None)
    if offer and offer.shops:
        shops = shops.filter(pk__in=offer.shops)
    return shops.order_by("pk").first()

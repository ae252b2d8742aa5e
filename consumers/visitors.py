"""What a shop is to the person who looks at it, asked together with the shop."""

from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, QuerySet

from consumers.actions.confirming import recent_purchases
from consumers.box import with_boxes
from consumers.models import FollowedShop
from merchants.models import Shop
from portal.kernel.models import User


def seen_by(shops: QuerySet[Shop], user: User | AnonymousUser, moment: datetime) -> QuerySet[Shop]:
    """Adds its message box; ``followed`` and ``been_here`` (bought something lately) for who is signed in.

    Without these two, as in the owner's preview, a page is what a visitor sees.
    """
    shops = with_boxes(shops)
    if not isinstance(user, User):
        return shops
    follows = FollowedShop.objects.filter(person=user, shop=OuterRef("pk"))
    bought = recent_purchases(user, moment).filter(shop=OuterRef("pk"))
    return shops.annotate(followed=Exists(follows), been_here=Exists(bought))

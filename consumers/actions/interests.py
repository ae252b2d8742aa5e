"""Following shops and kinds of shops, and how far one goes for them."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from consumers.models import FollowedCategory, FollowedShop, Interests
from merchants.models import Category, Shop
from portal.kernel.models import User
from portal.kernel.refused import Refused

MOST_FOLLOWED = 500


class FollowsEnough(Refused):
    sentence = _("You follow %(most)d shops already. Stop following one first.")


@transaction.atomic
def follow_shop(person: User, shop: Shop) -> None:
    """Twice is once."""
    if FollowedShop.objects.filter(person=person).exclude(shop=shop).count() >= MOST_FOLLOWED:
        raise FollowsEnough(most=MOST_FOLLOWED)
    FollowedShop.objects.get_or_create(person=person, shop=shop)


@transaction.atomic
def unfollow_shop(person: User, shop: Shop) -> None:
    FollowedShop.objects.filter(person=person, shop=shop).delete()


@transaction.atomic
def follow_kinds(person: User, categories: Iterable[Category], *, distance_m: int) -> None:
    """These kinds of shops from now on, and no others, within that distance."""
    wanted = {category.pk for category in categories}
    FollowedCategory.objects.filter(person=person).exclude(category__in=wanted).delete()
    FollowedCategory.objects.bulk_create(
        [FollowedCategory(person=person, category_id=key) for key in sorted(wanted)], ignore_conflicts=True
    )
    Interests.objects.update_or_create(person=person, defaults={"distance_m": distance_m})

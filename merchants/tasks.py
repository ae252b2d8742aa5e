"""Merchants' background work: turning the signs on the doors, keeping shops findable."""

from celery import shared_task
from django.db.models import Q
from django.utils import timezone

from merchants import actions
from merchants.actions import evidence
from merchants.events import CategoryChanged, CustomersMerged, ShopPublished, ShopsMerged
from merchants.finding import clusters, search, vocabulary
from merchants.models import Correction, ListingClaim, Merge, Shop
from portal.kernel.events import subscribe

BATCH = 2000


@shared_task
def turn_hours() -> int:
    """Every minute: shops whose noted opening is over get the next one."""
    moment, turned = timezone.now(), 0
    while batch := actions.turn_hours(moment, limit=BATCH):
        turned += batch
        if batch < BATCH:
            break
    return turned


@shared_task
def recount_words() -> int:
    """Every night: how many shops have each word, so that a slip is corrected to the usual one."""
    return vocabulary.recount()


@shared_task
def count_map() -> int:
    """Every hour: the squares of wide maps."""
    return clusters.count_cells()


@shared_task
def grade_prices() -> int:
    """Every night: how dear each shop is among those of its kind."""
    return actions.grade_prices()


@subscribe(CategoryChanged)
def find_by_new_words(event: CategoryChanged) -> None:
    """Shops of the category, and of those below it, are found by its new names from now on."""
    branch = Q(category=event.category_id) | Q(category__parent=event.category_id)
    search.refresh_many(Shop.objects.filter(branch).values_list("pk", flat=True))


@shared_task
def find_duplicates() -> dict[str, int]:
    """Every night: listings that are likely one place, for the staff to look at; and late rows of merges."""
    for merge in Merge.objects.undoable_at(timezone.now()).order_by("pk").values_list("pk", flat=True):
        actions.follow_up(merge)
    return actions.find_duplicates()


@subscribe(ShopPublished)
def compare_with_neighbours(event: ShopPublished) -> None:
    if shop := Shop.objects.listed().filter(pk=event.shop_id).first():
        actions.find_duplicates_of(shop)


@subscribe(ShopsMerged)
def take_latecomers_along(event: ShopsMerged) -> None:
    """What was being attached to the old listing while it was merged."""
    actions.follow_up(event.merge_id)


@shared_task
def forget_evidence() -> int:
    """Every night: pictures and papers of claims and corrections decided 90 days ago."""
    moment = timezone.now()
    kinds = (Correction.objects.all(), ListingClaim.objects.all())
    return sum(evidence.forget_old(rows, moment) for rows in kinds)


@subscribe(CustomersMerged)
def follow_the_customer(event: CustomersMerged) -> None:
    actions.take_late_along(event.merge_id)

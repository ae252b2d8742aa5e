"""Keeps on each shop's row what it is found by (see ``folding``)."""

from collections.abc import Iterable
from itertools import chain

from django.db.models import Prefetch

from merchants.finding import vocabulary
from merchants.finding.folding import Findable, findable
from merchants.models import Category, Service, Shop

BATCH = 500


def category_words(category: Category) -> list[str]:
    parent = [category.parent.name_zh, category.parent.name_en] if category.parent else []
    return [category.name_zh, category.name_en, *parent, *category.synonyms]


def _of(shop: Shop) -> Findable:
    services = chain.from_iterable((service.name, service.name_en) for service in shop.services.all())
    return findable([shop.name, shop.name_en], category_words(shop.category), services)


def refresh(shop: Shop) -> None:
    """Work out again what the shop is found by, after its name, category or services have changed."""
    refresh_many([shop.pk])


def refresh_many(shops: Iterable[int]) -> None:
    """The same for many shops, by primary key, some hundred at a time."""
    keys = sorted(shops)
    for start in range(0, len(keys), BATCH):
        offered = Prefetch("services", Service.objects.filter(removed_at=None))
        rows = list(
            Shop.objects.filter(pk__in=keys[start : start + BATCH])
            .select_related("category__parent")
            .prefetch_related(offered)
            .order_by("pk")
        )
        for row in rows:
            row.search_text, row.bigrams = _of(row)
        Shop.objects.bulk_update(rows, ["search_text", "bigrams"])
        vocabulary.learn(keys[start : start + BATCH])

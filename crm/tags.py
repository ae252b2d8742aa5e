"""Tags as pages ask for them, and what makes two of them the same."""

import unicodedata
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet

from crm.models import Tag, Tagging
from merchants.models import Customer, Merchant


def folded(name: str) -> str:
    """What makes two ways of writing a tag the same: case, width and doubled spaces don't count."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def tags_of(merchant: Merchant) -> "QuerySet[Any]":
    """All of them with ``size``, how many customers have each."""
    ours = Q(taggings__customer__merged_away=None)
    return Tag.objects.of(merchant).annotate(size=Count("taggings", filter=ours)).order_by("folded")


def with_tags(customers: QuerySet[Customer]) -> QuerySet[Customer]:
    """Each with its tags at hand, in one more question for all of them."""
    tags = Tagging.objects.select_related("tag").order_by("tag__folded")
    return customers.prefetch_related(Prefetch("taggings", queryset=tags))

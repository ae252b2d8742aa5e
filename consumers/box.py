"""A shop's message box as pages show it: whether one can write, and how soon an answer usually comes."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from consumers.models import MessageBox, Promptness
from consumers.promptness import in_words
from merchants.models import Merchant, Shop


@dataclass(frozen=True)
class Box:
    """``says``: how soon the shop usually answers; empty where its answers don't show it."""

    is_open: bool
    says: str

    @classmethod
    def of(cls, shop: Shop) -> "Box":
        """Wants ``category`` at hand. One question, none where the shop came ``with_boxes``."""
        if not hasattr(shop, "box_shut"):
            shop = with_boxes(Shop.objects.select_related("category")).get(pk=shop.pk)
        there = shop.merchant_id is not None and not shop.category.is_discovery_only
        is_open = there and not shop.box_shut  # type: ignore[attr-defined]
        return cls(is_open=is_open, says=in_words(shop.usual_wait) if is_open else "")  # type: ignore[attr-defined]


def with_boxes(shops: QuerySet[Shop]) -> QuerySet[Shop]:
    """Adds what ``Box.of`` reads, in the question that asks for the shops."""
    shut = MessageBox.objects.filter(shop=OuterRef("pk"), is_open=False)
    usual = Promptness.objects.filter(shop=OuterRef("pk")).values("minutes")
    return shops.annotate(box_shut=Exists(shut), usual_wait=Subquery(usual))


def boxes_of(merchant: Merchant) -> list[tuple[Shop, Box]]:
    """The merchant's shops with their boxes, by name."""
    shops = Shop.objects.of(merchant).filter(closed_at=None, published_at__isnull=False)
    rows = with_boxes(shops.select_related("category")).filter(category__is_discovery_only=False)
    return [(shop, Box.of(shop)) for shop in rows.order_by("name", "pk")]

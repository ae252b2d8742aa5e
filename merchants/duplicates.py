"""Listings from open data that are likely the very shop that somebody is entering."""

import unicodedata
from difflib import SequenceMatcher

from merchants.models import Shop
from merchants.near import Nearby

WITHIN_M = 150
LOOKED_AT = 60  # the nearest so many; a busy street has fewer within the distance
ALIKE = 0.6
SHOWN = 3


def plain(name: str) -> str:
    """Letters, digits and Han characters alone, in one width and case."""
    return "".join(char for char in unicodedata.normalize("NFKC", name).casefold() if char.isalnum())


def likeness(one: str, other: str) -> float:
    """0 to 1: the share of characters that two names have in common in order; 1 when one holds the other."""
    a, b = plain(one), plain(other)
    if not a or not b:
        return 0.0
    if min(len(a), len(b)) >= 2 and (a in b or b in a):
        return 1.0
    return SequenceMatcher(None, a, b, autojunk=False).ratio()


def likely_duplicates(shop: Shop) -> list[Nearby]:
    """Unclaimed places within 150 m whose name is like the shop's, the most alike first."""
    if shop.location is None:
        return []
    near = Shop.objects.near(shop.location.y, shop.location.x, within_m=WITHIN_M, limit=LOOKED_AT)
    names = [name for name in (shop.name, shop.name_en) if name]
    scored = [
        (max(likeness(a, b) for a in names for b in (row.name, row.name_en)), row)
        for row in near
        if row.merchant_id is None and row.id != shop.pk
    ]
    alike = sorted((pair for pair in scored if pair[0] >= ALIKE), key=lambda pair: (-pair[0], pair[1].metres))
    return [row for _score, row in alike[:SHOWN]]

"""What platform staff see of merchants: the queue of claims, merchants and shops, the category tree."""

from merchants.admin import categories, claims, corrections, duplicates, merchants

__all__ = ["categories", "claims", "corrections", "duplicates", "merchants"]

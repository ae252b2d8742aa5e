"""What platform staff see of cards, ledgers and printed cards."""

from loyalty.admin import cards, faces, passes
from loyalty.admin.cards import ReadOnlyAdmin

__all__ = ["ReadOnlyAdmin", "cards", "faces", "passes"]

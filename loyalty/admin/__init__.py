"""What platform staff see of cards, ledgers and printed cards."""

from loyalty.admin import cards, faces, passes

__all__ = ["cards", "faces", "passes"]

"""What platform staff see of cards, ledgers and printed cards."""

from loyalty.admin import cards, faces, levels, passes

__all__ = ["cards", "faces", "levels", "passes"]

"""Member cards in the wallets of phones."""


class NotTold(Exception):
    """A wallet's service gave another answer than yes; worth another try."""

"""Long work of customer care; it registers on import."""

from crm.actions import give_cards

__all__ = ["give_cards"]

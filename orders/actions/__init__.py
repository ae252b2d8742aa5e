"""Ringing up a sale and undoing it: the only places where orders writes."""

from orders.actions.sales import Item, OwnCard, ring_up
from orders.actions.undoing import UNDO_WINDOW, TooLate, undo

__all__ = ["UNDO_WINDOW", "Item", "OwnCard", "TooLate", "ring_up", "undo"]

"""A conversation as both sides' pages show it: the latest letters, oldest of them first."""

from typing import Any

from consumers.models import Conversation

SHOWN = 100  # earlier ones are kept


def letters_of(conversation: Conversation) -> dict[str, Any]:
    """``letters``, and ``earlier``: whether there are more than are shown."""
    latest = list(conversation.letters.select_related("by").order_by("-pk")[: SHOWN + 1])
    return {"letters": latest[:SHOWN][::-1], "earlier": len(latest) > SHOWN}

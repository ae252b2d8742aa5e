"""Which card stands for one that was merged away."""

from loyalty.models import Card, CardState


def card_instead(card: Card) -> Card:
    """The card that took this one in, however often; itself when none did."""
    while card.state == CardState.CLOSED and (merge := getattr(card, "merged_away", None)):
        card = merge.kept
    return card

"""What makes a pass in a wallet stale, and the sweep that tells the wallets."""

from typing import Any

from celery import shared_task

from loyalty.actions.wallets import card_changed
from loyalty.events import (
    BalancePaid,
    CardReplaced,
    CardsMerged,
    LevelMoved,
    MediumRevoked,
    PassSold,
    PassUndone,
    PointsAdjusted,
    PointsExchanged,
    PointsUsable,
    RefundAsked,
    ToppedUp,
    TopUpUndone,
    ValueExpired,
    VisitUsed,
)
from loyalty.wallets import apple, google, telling
from portal.kernel.events import subscribe


def any_wallet() -> bool:
    """Whether passes can exist here at all."""
    return apple.is_configured() or google.is_configured()


def note_a_changed_card(event: Any) -> None:
    """Balance, level or expiry, or whether the pass is good at all."""
    card_changed(event.card_id)


CHANGES: tuple[Any, ...] = (
    BalancePaid,
    CardReplaced,
    LevelMoved,
    MediumRevoked,
    PassSold,
    PassUndone,
    PointsAdjusted,
    PointsExchanged,
    PointsUsable,
    RefundAsked,
    ToppedUp,
    TopUpUndone,
    ValueExpired,
    VisitUsed,
)
for happened in CHANGES:
    subscribe(happened, where=any_wallet)(note_a_changed_card)


@subscribe(CardsMerged, where=any_wallet)
def note_merged_cards(event: CardsMerged) -> None:
    for card_id in (event.kept_id, event.gone_id):
        card_changed(card_id)


@shared_task
def tell_wallets() -> int:
    return telling.send_due()

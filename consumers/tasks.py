"""What consumers does with nobody at the keyboard."""

from datetime import datetime

from consumers import actions
from orders.events import PurchaseUndone
from portal.kernel.events import subscribe


@subscribe(PurchaseUndone)
def take_the_badge_away(event: PurchaseUndone) -> None:
    """Money back, badge back: what was not paid for is an ordinary review."""
    actions.demote(event.purchase_id, moment=datetime.fromisoformat(event.undone_at))

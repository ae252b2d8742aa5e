"""Visits of a pass at the counter: a sale worth them, paid for by them."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils import timezone

from loyalty.actions import earn, use_visit
from loyalty.models import Approval, PassVisit, ValueKind, VisitPass
from loyalty.terms import terms_of
from merchants.models import Shop
from orders.actions.pricing import price
from orders.actions.sales import Item, Sale, _judge, _tell, _write
from orders.models import Purchase, Tender
from portal.kernel.db import FIRST_KEY, retry_on_deadlock
from portal.kernel.models import User
from portal.kernel.refused import KeyReused, Refused


def ring_up_visit(
    held: VisitPass,
    *,
    key: UUID,
    shop: Shop,
    by: User,
    visits: int = 1,
    approval: Approval | None = None,
    moment: datetime | None = None,
) -> Purchase:
    """Confirm a visit that the pass pays for, or those of a family as one sale. The same key rings up once,
    however often it comes.

    It earns points and counts for the level as any sale that is paid for; the pass's price was the discount,
    so neither level nor stamps add to it. Locks: approval, pass, then the card's accounts.
    """
    try:
        return _ring_up(held, visits, approval, key, shop, by, moment or timezone.now())
    except (IntegrityError, Refused):
        if earlier := _replayed(held, visits, key):
            return earlier
        raise


@retry_on_deadlock
@transaction.atomic
def _ring_up(
    held: VisitPass,
    visits: int,
    approval: Approval | None,
    key: UUID,
    shop: Shop,
    by: User,
    moment: datetime,
) -> Purchase:
    facts: dict[str, Any] = {"key": key, "shop": shop, "by": by, "moment": moment}
    facts["document"] = f"sale:{key}"[:40]
    used = use_visit(held, visits=visits, approval=approval, **facts)
    card = used.visit_pass.card
    sale = Sale(
        merchant=card.merchant,
        shop=shop,
        bill=used.worth,
        key=key,
        by=by,
        card=card,
        items=[Item(held.name, used.worth, visits)],
    )
    _judge(sale)
    terms = terms_of(card, moment.astimezone(ZoneInfo(shop.time_zone)).date())
    due = price(sale.lines, coupon=[], terms=terms, use_points=False, alone=True)
    earned = earn(card, due.earns, waits=terms.waits, **facts) if due.earns else None
    purchase = _write(sale, due, None, earned, [[_tender(used, approval)]], moment)
    _tell(purchase)
    return purchase


def _tender(used: PassVisit, approval: Approval | None) -> Tender:
    return Tender(
        merchant_id=used.merchant_id,
        purchase_id=FIRST_KEY,
        kind=ValueKind.VISITS,
        amount=used.worth,
        entry=used.entry,
        approval=approval if used.visit_pass.offer.needs_pin else None,
    )


def _replayed(held: VisitPass, visits: int, key: UUID) -> Purchase | None:
    """What an earlier attempt with this key wrote; refused when it asked for something else."""
    earlier = Purchase.objects.filter(merchant=held.merchant_id, key=key).in_full().first()
    if earlier is None:
        return None
    paid = earlier.tenders.filter(entry__pass_visit__visit_pass=held, entry__pass_visit__visits=visits)
    if not paid.exists():
        raise KeyReused
    return earlier

"""Asking how it was: once, some hours after a purchase, and not again at the same shop for a quarter."""

from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse

from consumers.kinds import ASKED
from consumers.models import Ask, Review
from messaging.actions import tell_many
from messaging.models import Message
from orders.models import Purchase

AFTER = timedelta(hours=3)
IDLE_AFTER = timedelta(days=7)  # nobody remembers a haircut longer than that
ONE_A_DAY = timedelta(hours=20)
BATCH = 200


@transaction.atomic
def ask_later(purchase_id: int, *, person_id: int, shop_id: int, made_at: datetime) -> None:
    """Note a purchase to ask about. Twice is once."""
    Ask.objects.get_or_create(
        purchase_id=purchase_id,
        defaults={"person_id": person_id, "shop_id": shop_id, "ask_at": made_at + AFTER},
    )


@transaction.atomic
def ask_due(moment: datetime) -> int:
    """Ask those whose time has come; returns how many were asked. Safe to run in parallel."""
    due = Ask.objects.due(moment).select_for_update(skip_locked=True, of=("self",))
    rows = list(due.select_related("person", "shop", "purchase")[:BATCH])
    asked = sum(_ask(row, moment) for row in rows)
    Ask.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return asked


def _ask(row: Ask, moment: datetime) -> bool:
    """One question a day at most, and one per shop and quarter: the message's own key sees to that."""
    if row.purchase.undone_at or moment > row.ask_at + IDLE_AFTER or not row.shop.is_listed:
        return False
    if Review.objects.filter(purchase=row.purchase_id).exists():
        return False
    lately = Message.objects.of(row.person).filter(kind=ASKED.name, created_at__gt=moment - ONE_A_DAY)
    if lately.exists():
        return False
    quarter = f"{moment:%Y}Q{(moment.month + 2) // 3}"
    told = tell_many(
        [row.person_id],
        ASKED,
        occurrence=f"shop:{row.shop_id}:{quarter}",
        url=way_to_review(row.purchase),
        useless_after=row.ask_at + IDLE_AFTER,
        shop=row.shop.name,
    )
    return told > 0


def way_to_review(purchase: Purchase) -> str:
    """The form that makes a verified review of this purchase."""
    return f"{reverse('consumers:write_review', args=[purchase.shop.slug])}?purchase={purchase.token}"

"""One member with two cards: everything goes onto one of them, to the point and with the expiry it had."""

from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from loyalty.actions.levels import carry_counted
from loyalty.actions.passes import carry_pass
from loyalty.actions.stamps import carry_stamps
from loyalty.events import CardsMerged
from loyalty.models import Account, Card, CardMerge, CardState, Entry, EntryKind, Hold, Lot, ValueKind
from loyalty.value.ledger import Posting, lapse, post
from merchants.actions import merge_customers
from merchants.models import Customer, CustomerMerge, Role, StaffMember
from merchants.trust import along
from portal.kernel.audit import context
from portal.kernel.db import retry_on_deadlock
from portal.kernel.events import publish
from portal.kernel.models import Code, User
from portal.kernel.refused import Refused


class FrozenCard(Refused):
    sentence = _("One of the two cards is frozen. Find out why and release it first.")


class KeepTheOpenCard(Refused):
    sentence = _("The card of the one that stays is closed. Keep the other one.")


class InUse(Refused):
    status = 409
    sentence = _("Something is being paid with one of the cards at this moment. Try again in a few minutes.")


class NotYoursToMerge(Refused):
    sentence = _("Only owners and managers merge customers.")


class OwnMerge(Refused):
    sentence = _("Nobody merges a card into one of their own. Ask a colleague.")


@retry_on_deadlock
@transaction.atomic
def merge_members(
    kept: Customer, gone: Customer, *, by: User, reason: str, key: UUID, moment: datetime | None = None
) -> CustomerMerge:
    """Make two records of one person one, with their cards: what lies on the card that goes is transferred.

    By the shop's owner or manager, never with a card of their own. Keyed: asked twice, it is done once.
    Locks: customers, then cards, then accounts.
    """
    _judge(kept, gone, by)
    return _merge(kept, gone, by, reason, key, moment or timezone.now())


@retry_on_deadlock
@transaction.atomic
def merge_claimed(
    kept: Customer, gone: Customer, *, person: User, reason: str, key: UUID, moment: datetime | None = None
) -> CustomerMerge:
    """The same for somebody who has just proven that a waiting record is theirs."""
    return _merge(kept, gone, person, reason, key, moment or timezone.now())


def _merge(
    kept: Customer, gone: Customer, by: User, reason: str, key: UUID, moment: datetime
) -> CustomerMerge:
    merge = merge_customers(kept, gone, by=by, reason=reason, key=key)
    cards = Card.objects.filter(customer__in=[kept, gone]).select_related("programme", "customer")
    held = {card.customer_id: card for card in cards.order_by("pk").select_for_update(of=("self",))}
    old, new = held.get(gone.pk), held.get(kept.pk)
    if old and CardMerge.objects.filter(gone=old).exists():
        return merge
    with context(user=by.pk, reason=reason[:120]):
        if old and new:
            _transfer(merge, old, new, moment)
        elif old:
            old.customer_id = kept.pk
            old.save(update_fields=["customer"])
    return merge


def _judge(kept: Customer, gone: Customer, by: User) -> None:
    work = StaffMember.objects.current().filter(merchant=kept.merchant_id, user=by).first()
    if work is None or not Role(work.role).covers(Role.MANAGER):
        raise NotYoursToMerge
    if kept.is_person(by) or gone.is_person(by):
        raise OwnMerge


def _transfer(merge: CustomerMerge, old: Card, new: Card, moment: datetime) -> None:
    if CardState.FROZEN in (old.state, new.state):
        raise FrozenCard
    if new.state == CardState.CLOSED and old.state != CardState.CLOSED:
        raise KeepTheOpenCard
    if Hold.objects.filter(account__card=old).live_at(moment).exists():
        raise InUse
    moved = {}
    for account in sorted(Account.objects.filter(card=old), key=_turn):
        if amount := _carry_over(merge, account, new, moment):
            moved[account.kind] = amount
    carry_counted(old, new)
    carry_stamps(old, new, key=merge.key, by=merge.by, moment=moment)
    old.state = CardState.CLOSED
    old.save(update_fields=["state"])
    Code.objects.filter(kind="card", ref=old.pk).update(ref=new.pk)  # its QR opens the card that stays
    CardMerge.objects.create(
        merchant_id=old.merchant_id,
        kept=new,
        gone=old,
        key=merge.key,
        reason=merge.reason,
        moved=moved,
        rows=along.move(old.pk, new.pk, of="card"),
        by=merge.by,
    )
    publish(
        CardsMerged(
            merchant_id=old.merchant_id, kept_id=new.pk, gone_id=old.pk, old_number=old.number, moved=moved
        )
    )


def _turn(account: Account) -> tuple[bool, int]:
    """Points that are owed go first, so that what comes after them pays them off."""
    return account.kind != ValueKind.DEBT, account.pk


def _carry_over(merge: CustomerMerge, account: Account, new: Card, moment: datetime) -> int:
    """Out in one entry, in with one for each lot, so that each keeps its days."""
    kind = ValueKind(account.kind)
    lapse(account, moment=moment)
    account.refresh_from_db()
    if not account.balance:
        return 0
    lots = list(Lot.objects.filter(account=account, remaining__gt=0).order_by("expires_at", "pk"))
    _post(merge, account.card, kind, -account.balance, "out", moment)
    for lot in lots:
        there = _post(merge, new, kind, lot.remaining, str(lot.pk), moment, lot)
        if kind == ValueKind.VISITS:
            carry_pass(lot, there, new)
    return account.balance


def _post(
    merge: CustomerMerge,
    card: Card,
    kind: ValueKind,
    amount: int,
    step: str,
    moment: datetime,
    lot: Lot | None = None,
) -> Entry:
    return post(
        Posting(
            card=card,
            amount=amount,
            kind=EntryKind.MOVED,
            key=uuid5(merge.key, f"{kind}:{step}"),
            moment=moment,
            by_id=merge.by_id,
            document=f"merge:{merge.pk}",
            note=merge.reason,
            expires_at=lot.expires_at if lot else None,
            usable_from=lot.usable_from if lot else None,
        ),
        kind,
    )

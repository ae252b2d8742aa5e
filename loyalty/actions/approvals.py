"""Agreeing to pay, by the holder, before a counter takes anything: asked for, answered, used once.

What a counter needs is one verb inside its own transaction, ``consume_approval``. Everything that judges a
PIN happens before that, in transactions of its own, for a wrong try must stay counted whatever becomes of
the sale.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Sum
from django.utils.translation import gettext_lazy as _

from loyalty.actions.pins import NoPin, NotYourCard, PinCoolsOff, judge_pin, locked
from loyalty.disagreeing import (
    AskForSomething,
    BeyondLimit,
    Declined,
    Expired,
    KeypadUsed,
    NotAnswered,
    NothingToPayWith,
    OtherAmount,
    OtherMerchant,
    OwnCard,
    UsedAlready,
)
from loyalty.events import ApprovalAsked
from loyalty.keypad import keys_of
from loyalty.models import (
    MONEY,
    Account,
    Approval,
    Card,
    CardState,
    Pin,
    Stage,
    Value,
    ValueKind,
    Way,
)
from loyalty.pins import LENGTH
from loyalty.value.ledger import CardNotActive
from merchants.models import Shop
from portal.kernel.codes import issue_code, new_code
from portal.kernel.dates import when
from portal.kernel.events import publish
from portal.kernel.models import User
from portal.kernel.refused import KeyReused, Refused

ANSWER_WITHIN = timedelta(seconds=90)
GOOD_FOR = timedelta(seconds=60)
#: The accounts of a card that each value may be taken from.
ACCOUNTS = {
    Value.MONEY: MONEY,
    Value.POINTS: (ValueKind.POINTS,),
    Value.VISITS: (ValueKind.VISITS,),
}


def spendable(card: Card, value: Value, moment: datetime) -> int:
    """What the card holds of it that hasn't expired, in minor units or points."""
    held = Account.objects.filter(card=card, kind__in=ACCOUNTS[value]).good_at(moment)
    return int(held.aggregate(sum=Sum("good"))["sum"] or 0)


@transaction.atomic
def ask_approval(
    card: Card, amount: int, *, value: Value = Value.MONEY, shop: Shop, key: UUID, by: User, moment: datetime
) -> Approval:
    """A counter asks the holder to agree to exactly this amount. With one key it is asked once."""
    if shop.merchant_id != card.merchant_id:
        raise OtherMerchant
    judge_card(card, by)
    if amount <= 0:
        raise AskForSomething
    approval, made = _new(card, amount, value, key=key, by=by, moment=moment, shop=shop)
    if (approval.amount, approval.value, approval.shop_id) != (amount, value, shop.pk):
        raise KeyReused
    if made:
        publish(ApprovalAsked(approval_id=approval.pk, card_id=card.pk, merchant_id=card.merchant_id))
    return approval


def approve(approval: Approval, typed: str, *, by: User, moment: datetime) -> Approval:
    """The holder agrees on the own phone, with the PIN. Never inside a transaction (see ``judge_pin``)."""
    if approval.card.customer.user_id != by.pk:
        raise NotYourCard
    if approval.stage(moment) == Stage.APPROVED and approval.way == Way.PHONE:
        return approval  # the button was pressed twice
    _judge_answer(approval, moment)
    judge_pin(approval.card, typed, moment=moment)
    return _approve(approval, Way.PHONE, moment)


def approve_on_screen(
    approval: Approval, places: str, *, turn: int, by: User, shop: Shop, moment: datetime
) -> Approval:
    """The holder agrees on the shop's screen, by the places of six keys of that turn's keypad.

    Each keypad is good for one answer, right or wrong. Never inside a transaction (see ``judge_pin``).
    """
    judge_card(approval.card, by)
    _judge_answer(approval, moment)
    if len(places) != LENGTH or not set(places) <= set("0123456789"):
        raise Refused(_("Tap six digits."))
    keys = keys_of(approval, turn)
    if not Approval.objects.filter(pk=approval.pk, turns=turn).update(turns=F("turns") + 1):
        raise KeypadUsed
    judge_pin(approval.card, "".join(keys[int(place)] for place in places), moment=moment, till=by, shop=shop)
    return _approve(approval, Way.SCREEN, moment)


def start_pay_code(
    card: Card, typed: str, *, value: Value = Value.MONEY, key: UUID, by: User, moment: datetime
) -> Approval:
    """The holder agrees first: a code for one payment of at most all that the card holds, good for a minute.

    Never inside a transaction (see ``judge_pin``).
    """
    if card.customer.user_id != by.pk:
        raise NotYourCard
    if earlier := Approval.objects.filter(card=card, key=key).first():
        return earlier
    _judge_spending(card, moment)
    if (limit := spendable(card, value, moment)) <= 0:
        raise NothingToPayWith
    judge_pin(card, typed, moment=moment)
    return _begin(card, limit, value, key=key, by=by, moment=moment)


@transaction.atomic
def _begin(card: Card, limit: int, value: Value, *, key: UUID, by: User, moment: datetime) -> Approval:
    """One pay code at a time: those before are good for nothing."""
    for former in Approval.objects.locked().filter(card=card, is_exact=False).usable_at(moment):
        _write(former, declined_at=moment)
    return approved_at_once(card, limit, value, Way.PHONE, key=key, by=by, moment=moment)


def approved_at_once(
    card: Card,
    amount: int,
    value: Value,
    way: Way,
    *,
    key: UUID,
    by: User,
    moment: datetime,
    shop: Shop | None = None,
) -> Approval:
    """One that nobody has to ask for; part of a verb that has judged whether the holder agrees."""
    approval, made = _new(card, amount, value, key=key, by=by, moment=moment, shop=shop)
    if not made:
        return approval
    return _write(approval, approved_at=moment, good_until=moment + GOOD_FOR, way=way)


@transaction.atomic
def decline(approval: Approval, *, by: User, moment: datetime) -> Approval:
    """The holder says no, or the counter takes the question back. Done twice, it is done once."""
    held = Approval.objects.locked().get(pk=approval.pk)
    if held.stage(moment) in (Stage.ASKED, Stage.APPROVED):
        _write(held, declined_at=moment)
    return held


@transaction.atomic
def consume_approval(
    approval: Approval, amount: int, *, key: UUID, shop: Shop, by: User, moment: datetime
) -> Approval:
    """Use it for a sale of its amount (begun by the holder: at most that), in the sale's transaction.

    ``key`` is the sale's: the same one finds it used and is given it again. Locks the approval; locks of
    card and accounts come after it. Raises Refused for another amount or merchant, when it isn't approved,
    has expired or was used, when the card is frozen, and for a card of the cashier's own.
    """
    held = Approval.objects.locked().get(pk=approval.pk)
    if held.used_key == key:
        if held.used_amount != amount:
            raise KeyReused
        return held
    if held.merchant_id != shop.merchant_id:
        raise OtherMerchant
    judge_card(held.card, by)
    _judge_use(held, amount, moment)
    return _write(
        held, used_at=moment, used_amount=amount, used_key=key, used_by_id=by.pk, used_shop_id=shop.pk
    )


def _judge_use(held: Approval, amount: int, moment: datetime) -> None:
    stage = held.stage(moment)
    refusals = {
        Stage.USED: UsedAlready,
        Stage.DECLINED: Declined,
        Stage.EXPIRED: Expired,
        Stage.ASKED: NotAnswered,
    }
    if refusal := refusals.get(stage):
        raise refusal
    if amount <= 0 or (held.is_exact and amount != held.amount):
        raise OtherAmount
    if amount > held.amount:
        raise BeyondLimit


@transaction.atomic
def _approve(approval: Approval, way: Way, moment: datetime) -> Approval:
    held = Approval.objects.locked().get(pk=approval.pk)
    _judge_answer(held, moment)
    return _write(held, approved_at=moment, good_until=moment + GOOD_FOR, way=way)


def _judge_answer(approval: Approval, moment: datetime) -> None:
    """Before a try at the PIN is spent on it, and once more under the lock."""
    stage = approval.stage(moment)
    if stage == Stage.DECLINED:
        raise Declined
    if stage == Stage.EXPIRED:
        raise Expired
    if stage != Stage.ASKED:
        raise UsedAlready
    _judge_spending(approval.card, moment)


def _judge_spending(card: Card, moment: datetime) -> None:
    if card.state != CardState.ACTIVE:
        raise CardNotActive
    pin = Pin.objects.filter(card=card).first()
    if pin is None:
        raise NoPin
    if pin.is_locked(moment):
        raise locked(pin, moment)
    if pin.cools_off(moment):
        raise PinCoolsOff(at=when(pin.spends_from))


def judge_card(card: Card, by: User | None) -> None:
    """Whether a counter may take anything from the card at all. ``by``: nobody where no counter is."""
    if card.state != CardState.ACTIVE:
        raise CardNotActive
    if by and card.customer.is_person(by):
        raise OwnCard


def _new(
    card: Card,
    amount: int,
    value: Value,
    *,
    key: UUID,
    by: User,
    moment: datetime,
    shop: Shop | None = None,
) -> tuple[Approval, bool]:
    """With a shop it is for exactly the amount. Whether it is new: the key may have come before."""
    asked = {
        "merchant_id": card.merchant_id,
        "shop": shop,
        "value": value,
        "amount": amount,
        "is_exact": shop is not None,
        "token": new_code(),
        "asked_by": by,
        "asked_at": moment,
        "answer_by": moment + ANSWER_WITHIN,
    }
    approval, made = Approval.objects.get_or_create(card=card, key=key, defaults=asked)
    if made:
        issue_code("approval", approval.pk, token=approval.token)
    return approval, made


def _write(approval: Approval, **facts: object) -> Approval:
    for name, value in facts.items():
        setattr(approval, name, value)
    approval.save(update_fields=list(facts))
    return approval

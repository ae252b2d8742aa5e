"""Points exchanged for rewards, and the vouchers that are handed over for them or for full stamp cards."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from loyalty.actions.points import reverse, spend
from loyalty.events import PointsExchanged
from loyalty.models import Card, CardState, Entry, Programme, Reward, RewardVoucher, VoucherState
from loyalty.value.ledger import CardNotActive
from merchants.models import Shop
from portal.kernel.codes import new_code
from portal.kernel.db import retry_on_deadlock
from portal.kernel.events import publish
from portal.kernel.models import User
from portal.kernel.refused import KeyReused, Refused

UNDO_WINDOW = timedelta(minutes=5)
CHANGEABLE = ("name", "name_en", "cost", "stock", "days", "is_on")


class SoldOut(Refused):
    status = 409
    sentence = _("None of this reward is left. Choose another one.")


class NotOffered(Refused):
    sentence = _("This reward isn't offered any more.")


class AlreadyUsed(Refused):
    status = 409
    sentence = _("This voucher was used %(when)s.")


class OutOfDate(Refused):
    sentence = _("This voucher was good until %(when)s.")


class NotUndone(Refused):
    sentence = _("This can be undone for five minutes by whoever did it. The time is over.")


class MoreGivenThanThat(Refused):
    sentence = _("%(given)d pieces have been given already. Enter at least as many.")


class OwnReward(Refused):
    sentence = _("Nobody serves a card of their own. Ask a colleague.")


@transaction.atomic
def offer_reward(programme: Programme, *, by: User, key: UUID, **terms: Any) -> Reward:
    """Put something on the catalogue; the same key puts it there once."""
    defaults = {"merchant_id": programme.merchant_id, "left": terms["stock"]} | terms
    reward, made = Reward.objects.get_or_create(programme=programme, key=key, defaults=defaults)
    if not made and reward.name != terms["name"]:
        raise KeyReused
    return reward


@transaction.atomic
def change_reward(reward: Reward, *, by: User, **changes: Any) -> Reward:
    """New terms for what is exchanged from now on; more or fewer pieces, never fewer than were given."""
    if unknown := set(changes) - set(CHANGEABLE):
        raise TypeError(f"a reward has no {sorted(unknown)}")
    reward = Reward.objects.select_for_update(no_key=True).get(pk=reward.pk)
    given = reward.stock - reward.left
    if changes.get("stock", reward.stock) < given:
        raise MoreGivenThanThat(given=given)
    for field, value in changes.items():
        setattr(reward, field, value)
    reward.left = reward.stock - given
    reward.save()
    return reward


@retry_on_deadlock
@transaction.atomic
def redeem_reward(
    reward: Reward,
    card: Card,
    *,
    key: UUID,
    shop: Shop,
    by: User,
    handed_over: bool = False,
    moment: datetime | None = None,
) -> RewardVoucher:
    """Points against a voucher; ``handed_over`` when a cashier gives the thing in the same moment.

    Locks the card's account, so the same key waits for itself and finds what it wrote; the reward's row,
    for which everybody waits, is moved last.
    """
    moment = moment or timezone.now()
    if reward.programme_id != card.programme_id:
        raise NotOffered
    if handed_over and card.customer.is_person(by):
        raise OwnReward
    entry = spend(card, reward.cost, key=key, shop=shop, by=by, document=f"reward:{reward.pk}", moment=moment)
    if earlier := RewardVoucher.objects.filter(card=card, key=key).first():
        if earlier.reward_id != reward.pk:
            raise KeyReused
        return earlier
    voucher = _voucher(reward, card, entry, by, moment)
    if handed_over:
        _hand_over(voucher, shop, by, moment)
    voucher.save()
    _tell(voucher, entry.amount)
    if not Reward.objects.filter(pk=reward.pk, is_on=True, left__gt=0).update(left=F("left") - 1):
        raise SoldOut if reward.is_on else NotOffered
    return voucher


def _tell(voucher: RewardVoucher, points: int) -> None:
    facts = {"card_id": voucher.card_id, "merchant_id": voucher.merchant_id, "voucher_id": voucher.pk}
    publish(PointsExchanged(points=points, **facts))


def _voucher(reward: Reward, card: Card, entry: Entry, by: User, moment: datetime) -> RewardVoucher:
    return RewardVoucher(
        merchant_id=card.merchant_id,
        card=card,
        reward=reward,
        name=reward.name,
        name_en=reward.name_en,
        token=new_code(),
        entry=entry,
        key=entry.key,
        by=by,
        issued_at=moment,
        valid_until=moment + timedelta(days=reward.days),
    )


def _hand_over(voucher: RewardVoucher, shop: Shop, by: User, moment: datetime) -> None:
    voucher.state, voucher.used_shop = VoucherState.USED, shop
    voucher.used_at, voucher.used_by = moment, by


@transaction.atomic
def use_voucher(
    voucher: RewardVoucher, *, shop: Shop, by: User, moment: datetime | None = None
) -> RewardVoucher:
    """Hand over what it stands for, once. The same person pressing twice within a minute did it once."""
    moment = moment or timezone.now()
    voucher = RewardVoucher.objects.locked().select_related("card__customer").get(pk=voucher.pk)
    if shop.merchant_id != voucher.merchant_id:
        raise NotOffered
    if voucher.card.customer.is_person(by):
        raise OwnReward
    if voucher.state == VoucherState.USED and voucher.used_at:
        if voucher.used_by_id == by.pk and moment - voucher.used_at < timedelta(minutes=1):
            return voucher
        raise AlreadyUsed(when=timezone.localtime(voucher.used_at).strftime("%Y-%m-%d %H:%M"))
    if voucher.state != VoucherState.ISSUED or voucher.valid_until <= moment:
        raise OutOfDate(when=timezone.localtime(voucher.valid_until).strftime("%Y-%m-%d"))
    if voucher.card.state != CardState.ACTIVE:
        raise CardNotActive
    _hand_over(voucher, shop, by, moment)
    voucher.save(update_fields=["state", "used_at", "used_by", "used_shop"])
    return voucher


@retry_on_deadlock
@transaction.atomic
def undo_voucher(voucher: RewardVoucher, *, by: User, moment: datetime | None = None) -> RewardVoucher:
    """For five minutes, by whoever did it: what was handed over later is ready again; what was exchanged
    goes back whole, points and piece. Undoing twice undoes once.
    """
    moment = moment or timezone.now()
    voucher = RewardVoucher.objects.locked().get(pk=voucher.pk)
    if voucher.state == VoucherState.RETURNED:
        return voucher
    used = voucher.state == VoucherState.USED
    done_at, done_by = (voucher.used_at, voucher.used_by_id) if used else (voucher.issued_at, voucher.by_id)
    if done_by != by.pk or done_at is None or moment - done_at > UNDO_WINDOW:
        raise NotUndone
    was_used_later = used and voucher.used_at != voucher.issued_at
    voucher.used_at = voucher.used_by = voucher.used_shop = None
    voucher.state = VoucherState.ISSUED
    if not was_used_later:
        if voucher.entry is None or voucher.reward_id is None:
            raise NotUndone  # a full stamp card is undone with its sale
        voucher.state = VoucherState.RETURNED
        reverse(voucher.entry, key=uuid4(), by=by, moment=moment)
        _tell(voucher, -voucher.entry.amount)
    voucher.save(update_fields=["state", "used_at", "used_by", "used_shop"])
    if voucher.state == VoucherState.RETURNED and voucher.reward_id:
        Reward.objects.filter(pk=voucher.reward_id).update(left=F("left") + 1)
    return voucher

"""Coupons that a till took on trust while it had no network: settled when it has one again."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from coupons.models import Coupon, CouponKind
from merchants.models import Merchant, Shop
from orders.actions.sales import ring_up
from orders.models import OfflineRule, OfflineState, OfflineUse, Purchase
from orders.offline import Grant, Kept
from portal.kernel.codes import split_code
from portal.kernel.db import retry_on_deadlock
from portal.kernel.models import User
from portal.kernel.money import format_money
from portal.kernel.refused import KeyReused, Refused

OTHER_CLOCK = timedelta(minutes=2)  # how far a till’s clock may be off


class NotFromTheTill(Refused):
    sentence = _("It isn’t signed by a till of this shop, or was changed afterwards.")


class NotTrusted(Refused):
    sentence = _("This shop takes no coupons without a network.")


class TooLong(Refused):
    sentence = _("The till had been without a network for too long; %(hours)s h are allowed.")


class TooMany(Refused):
    sentence = _("The till had kept %(most)s coupons already.")


class TooMuch(Refused):
    sentence = _("%(given)s was taken off; without a network at most %(most)s may be.")


class NoCoupon(Refused):
    sentence = _("No coupon of this shop has this code.")


class NeedsTheLedger(Refused):
    sentence = _("This coupon is used up in parts: what is left of it has to be asked for.")


class GaveOtherwise(Refused):
    sentence = _("%(given)s was taken off; the coupon gives %(allowed)s.")


@transaction.atomic
def set_offline_rule(
    merchant: Merchant, *, is_on: bool, most_waiting: int, most_off: int, hours: int
) -> OfflineRule:
    rule, _made = OfflineRule.objects.update_or_create(
        merchant=merchant,
        defaults={"is_on": is_on, "most_waiting": most_waiting, "most_off": most_off, "hours": hours},
    )
    return rule


@retry_on_deadlock
@transaction.atomic
def settle(
    kept: Kept, *, merchant: Merchant, shop: Shop, by: User, moment: datetime | None = None
) -> OfflineUse:
    """Make the sale that the till wrote down, or keep it for a manager with the reason why not.

    It arrives once, however often it is sent; ``shop`` and ``by`` are the sender's, for what can't be traced
    to a till. Raises KeyReused when the same nonce comes with something else.
    """
    moment, grant = moment or timezone.now(), Grant.read(kept.grant)
    ours = grant is not None and grant.merchant == merchant.pk and kept.is_genuine
    use = _arrived(kept, grant if ours else None, merchant, shop, by)
    if (use.code, use.bill, use.given) != (kept.code, kept.bill, kept.given):
        raise KeyReused
    if use.state != OfflineState.CONFLICT or use.reasons:
        return use
    try:
        if not ours or grant is None:
            raise NotFromTheTill
        _judge(use, grant, moment)
        use.sale, use.state = _ring_up(use), OfflineState.SETTLED
    except Refused as refusal:
        use.reasons = _in_all_languages(refusal)
    use.save(update_fields=["coupon", "sale", "state", "reasons"])
    return use


def _arrived(kept: Kept, grant: Grant | None, merchant: Merchant, shop: Shop, by: User) -> OfflineUse:
    """The row of this nonce, made by whoever comes first and held until it is settled."""
    row = OfflineUse(
        merchant=merchant,
        shop_id=grant.shop if grant else shop.pk,
        by_id=grant.by if grant else by.pk,
        nonce=kept.nonce,
        grant=kept.till,
        code=kept.code,
        bill=kept.bill,
        given=kept.given,
        used_at=datetime.fromtimestamp(kept.used_at / 1000, UTC),
        state=OfflineState.CONFLICT,
    )
    OfflineUse.objects.bulk_create([row], ignore_conflicts=True)
    held = (
        OfflineUse.objects.of(merchant)
        .select_for_update(of=("self",))
        .select_related("shop", "by", "merchant")
    )
    return held.get(nonce=kept.nonce)


def _judge(use: OfflineUse, grant: Grant, moment: datetime) -> None:
    """By the rule as it stands now: an owner who takes it back also takes it back from what still waits."""
    rule = OfflineRule.objects.filter(merchant=use.merchant, is_on=True).first()
    if rule is None:
        raise NotTrusted
    until = min(grant.issued_at + rule.lasts, moment)
    if not grant.issued_at - OTHER_CLOCK <= use.used_at <= until + OTHER_CLOCK:
        raise TooLong(hours=rule.hours)
    before = OfflineUse.objects.of(use.merchant).kept_since(grant.issued_at, grant=use.grant)
    if before.exclude(pk=use.pk).count() >= rule.most_waiting:
        raise TooMany(most=rule.most_waiting)
    if use.given > rule.most_off:
        raise TooMuch(given=format_money(use.given), most=format_money(rule.most_off))


def _ring_up(use: OfflineUse) -> Purchase:
    """Judged at the moment the customer stood there; what the till gave must be what the coupon gives."""
    token, _proof = split_code(use.code)
    coupons = Coupon.objects.of(use.merchant).select_related("programme__merchant", "customer__user", "terms")
    use.coupon = coupons.filter(token=token).first() if token else None
    if use.coupon is None:
        raise NoCoupon
    if use.coupon.kind == CouponKind.VALUE:
        raise NeedsTheLedger
    with transaction.atomic():
        sale = ring_up(**_facts(use), bill=use.bill, coupon=use.coupon)
        if sale.discount != use.given:
            raise GaveOtherwise(given=format_money(use.given), allowed=format_money(sale.discount))
    return sale


def _facts(use: OfflineUse) -> dict[str, Any]:
    return {
        "merchant": use.merchant,
        "shop": use.shop,
        "by": use.by,
        "key": use.nonce,
        "moment": use.used_at,
    }


def _in_all_languages(refusal: Refused) -> dict[str, str]:
    said = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            said[code] = str(refusal)
    return said


@retry_on_deadlock
@transaction.atomic
def decide(
    use: OfflineUse, *, by: User, count: bool, note: str, moment: datetime | None = None
) -> OfflineUse:
    """``count`` what was paid as a sale without the coupon, the rest being lost; or set it aside.

    What was decided stays decided: a second decision changes nothing.
    """
    rows = OfflineUse.objects.select_for_update(of=("self",)).select_related("shop", "by", "merchant")
    use = rows.get(pk=use.pk)
    if use.state != OfflineState.CONFLICT:
        return use
    use.state = OfflineState.SET_ASIDE
    if count:
        use.state = OfflineState.COUNTED
        use.sale = ring_up(**_facts(use), bill=use.paid) if use.paid else None
    use.decided_by, use.decided_at, use.note = by, moment or timezone.now(), note[:200]
    use.save(update_fields=["state", "sale", "decided_by", "decided_at", "note"])
    return use

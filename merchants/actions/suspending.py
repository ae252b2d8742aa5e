"""Taking shops off the lists: suspended until it is lifted, or closed for good; nothing is lost."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from merchants.kinds import SUSPENDED, SUSPENSION_LIFTED
from merchants.models import Merchant, Role, Shop, Suspension
from messaging.actions import tell_many
from portal.kernel.audit import context
from portal.kernel.models import User
from portal.kernel.refused import Refused


class SuspensionNeedsReason(Refused):
    sentence = _("Write the reason: the team of the shop reads it.")


def is_suspended(shop: Shop) -> bool:
    """Itself or with its merchant; wants ``merchant`` at hand."""
    return shop.suspended_at is not None or bool(shop.merchant and shop.merchant.suspended_at)


def may_be_listed(shop: Shop) -> bool:
    """Whether it is published and nothing keeps it off the lists; wants ``merchant`` at hand."""
    there = shop.published_at is not None and shop.closed_at is None and shop.merged_into_id is None
    return there and not is_suspended(shop)


@transaction.atomic
def suspend_merchant(merchant: Merchant, *, by: User, reason: str, moment: datetime | None = None) -> None:
    """All its shops at once. No new coupon can be claimed; what people hold already can still be used."""
    moment = moment or timezone.now()
    merchant = Merchant.objects.select_for_update(no_key=True).get(pk=merchant.pk)
    if not reason.strip():
        raise SuspensionNeedsReason
    if merchant.suspended_at:
        return
    with context(user=by.pk, reason=reason[:200]):
        row = Suspension.objects.create(merchant=merchant, reason=reason, by=by, since=moment)
        merchant.suspended_at = moment
        merchant.save(update_fields=["suspended_at"])
        merchant.shops.filter(is_listed=True).update(is_listed=False)
    _tell(merchant, row, str(merchant.name))


@transaction.atomic
def suspend_shop(shop: Shop, *, by: User, reason: str, moment: datetime | None = None) -> None:
    """One shop alone, also a listing that belongs to nobody."""
    moment = moment or timezone.now()
    shop = Shop.objects.locked().select_related("merchant").get(pk=shop.pk)
    if not reason.strip():
        raise SuspensionNeedsReason
    if shop.suspended_at:
        return
    with context(user=by.pk, reason=reason[:200]):
        row = Suspension.objects.create(shop=shop, reason=reason, by=by, since=moment)
        shop.suspended_at, shop.is_listed = moment, False
        shop.save(update_fields=["suspended_at", "is_listed"])
    if shop.merchant:
        _tell(shop.merchant, row, shop.name)


def _tell(merchant: Merchant, row: Suspension, name: str) -> None:
    _to_team(merchant, SUSPENDED, f"suspension:{row.pk}", shop=name, reason=row.reason)


def _to_team(merchant: Merchant, kind: object, occurrence: str, **words: str) -> None:
    team = merchant.staff.current().filter(role__in=[Role.OWNER, Role.MANAGER])
    people = team.values_list("user", flat=True)
    tell_many(people, kind, occurrence=occurrence, url=f"/m/{merchant.slug}/shops/", **words)  # type: ignore[arg-type]


@transaction.atomic
def lift_suspension(merchant: Merchant, *, by: User) -> None:
    """Put back what was published and has no other reason to be off the lists."""
    merchant = Merchant.objects.select_for_update(no_key=True).get(pk=merchant.pk)
    if merchant.suspended_at is None:
        return
    with context(user=by.pk):
        merchant.suspended_at = None
        merchant.save(update_fields=["suspended_at"])
        back = merchant.shops.filter(published_at__isnull=False, closed_at=None)
        back.filter(suspended_at=None, merged_into=None).update(is_listed=True)
        for row in Suspension.objects.standing().filter(merchant=merchant):
            _lift(row, by)
            _to_team(merchant, SUSPENSION_LIFTED, f"lifted:{row.pk}", shop=merchant.name)


@transaction.atomic
def lift_shop_suspension(shop: Shop, *, by: User) -> None:
    shop = Shop.objects.locked().select_related("merchant").get(pk=shop.pk)
    if shop.suspended_at is None:
        return
    with context(user=by.pk):
        shop.suspended_at = None
        shop.is_listed = may_be_listed(shop)
        shop.save(update_fields=["suspended_at", "is_listed"])
        for row in Suspension.objects.standing().filter(shop=shop):
            _lift(row, by)
            if shop.merchant:
                _to_team(shop.merchant, SUSPENSION_LIFTED, f"lifted:{row.pk}", shop=shop.name)


def _lift(row: Suspension, by: User) -> None:
    row.lifted_by, row.lifted_at = by, timezone.now()
    row.save(update_fields=["lifted_by", "lifted_at"])


@transaction.atomic
def close_shop(shop: Shop, *, by: User) -> Shop:
    """It has closed for good: off every list at once; its page says so and leads to others."""
    shop = Shop.objects.locked().get(pk=shop.pk)
    with context(user=by.pk):
        shop.closed_at, shop.is_listed = shop.closed_at or timezone.now(), False
        shop.save(update_fields=["closed_at", "is_listed"])
    return shop


@transaction.atomic
def reopen_shop(shop: Shop, *, by: User) -> Shop:
    """It was closed by mistake. A merged listing comes back by undoing the merge, not here."""
    shop = Shop.objects.locked().select_related("merchant").get(pk=shop.pk)
    with context(user=by.pk):
        shop.closed_at = shop.closed_at if shop.merged_into_id else None
        shop.is_listed = may_be_listed(shop)
        shop.save(update_fields=["closed_at", "is_listed"])
    return shop

"""Two listings of one place become one; for thirty days that can be undone to the row."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from merchants.actions.days import keep_calendar
from merchants.actions.suspending import may_be_listed
from merchants.actions.words import keep_told
from merchants.events import MergeUndone, ShopsMerged
from merchants.models import (
    Correction,
    DuplicatePair,
    ListingClaim,
    Merge,
    Notice,
    PairState,
    Photo,
    Shop,
    SpecialDay,
)
from merchants.models.merging import UNDOABLE_FOR
from merchants.trust import along
from merchants.trust.duplicates import Found, candidates_of, pairs
from portal.kernel.audit import context
from portal.kernel.db import retry_on_deadlock
from portal.kernel.events import publish
from portal.kernel.models import User
from portal.kernel.refused import Refused

BATCH = 1000


class SameListing(Refused):
    sentence = _("A listing can't be merged into itself.")


class AlreadyMerged(Refused):
    status = 409
    sentence = _("One of the two has already been merged into another listing.")


class TwoMerchants(Refused):
    sentence = _("Both belong to a merchant, and not to the same one. Settle first whose the place is.")


class KeepTheClaimed(Refused):
    sentence = _("Keep the listing that belongs to a merchant; the other one goes into it.")


class NotPublic(Refused):
    sentence = _("%(shop)s is not listed, so nothing can be merged into it.")


class TooLateToUndo(Refused):
    sentence = _("A merge can be undone for 30 days.")


class LaterMergeFirst(Refused):
    sentence = _("%(shop)s was merged into another listing afterwards. Undo that first.")


class PairDecided(Refused):
    status = 409
    sentence = _("Somebody has already decided about this pair.")


def _held(*shops: int) -> dict[int, Shop]:
    """Both rows in pk order, also against rows that are just being attached to them (FOR UPDATE, not
    FOR NO KEY UPDATE: an insert with a foreign key to the shop waits, or was committed before we look)."""
    rows = Shop.objects.filter(pk__in=shops).order_by("pk").select_for_update()
    return {row.pk: row for row in rows}


def _check(survivor: Shop, gone: Shop) -> None:
    if survivor.pk == gone.pk:
        raise SameListing
    if survivor.merged_into_id or gone.merged_into_id:
        raise AlreadyMerged
    if survivor.merchant_id and gone.merchant_id and survivor.merchant_id != gone.merchant_id:
        raise TwoMerchants
    if gone.merchant_id and not survivor.merchant_id:
        raise KeepTheClaimed
    if not survivor.is_listed:
        raise NotPublic(shop=survivor.title)


@retry_on_deadlock
@transaction.atomic
def merge_shops(
    survivor: Shop, gone: Shop, *, by: User, reason: str = "", moment: datetime | None = None
) -> Merge:
    """Take ``gone`` into ``survivor``: what belongs to it goes along, its address leads on.

    The survivor's own facts stay as they are.
    """
    moment = moment or timezone.now()
    rows = _held(survivor.pk, gone.pk)
    survivor, gone = rows[survivor.pk], rows[gone.pk]
    _check(survivor, gone)
    with context(user=by.pk, reason=reason[:200]):
        merge = Merge.objects.create(
            survivor=survivor,
            gone=gone,
            moved=along.move(gone.pk, survivor.pk),
            was_listed=gone.is_listed,
            was_closed_at=gone.closed_at,
            reason=reason,
            by=by,
            merged_at=moment,
        )
        gone.merged_into, gone.is_listed, gone.closed_at = survivor, False, gone.closed_at or moment
        gone.save(update_fields=["merged_into", "is_listed", "closed_at"])
        _settle_pairs(survivor.pk, gone.pk, by, reason, moment)
    publish(ShopsMerged(merge_id=merge.pk, survivor_id=survivor.pk, gone_id=gone.pk))
    return merge


def _settle_pairs(survivor: int, gone: int, by: User, reason: str, moment: datetime) -> None:
    """This pair is decided; other pairs with the listing that is gone have nothing to decide."""
    first, second = sorted((survivor, gone))
    pair, _new = DuplicatePair.objects.get_or_create(first_id=first, second_id=second, defaults={"score": 0})
    _decide(pair, PairState.MERGED, by, reason, moment)
    DuplicatePair.objects.waiting().touching(gone).delete()


def _decide(pair: DuplicatePair, state: PairState, by: User, reason: str, moment: datetime) -> None:
    pair.state, pair.decided_by, pair.reason, pair.decided_at = state, by, reason, moment
    pair.save(update_fields=["state", "decided_by", "reason", "decided_at"])


@retry_on_deadlock
@transaction.atomic
def undo_merge(merge: Merge, *, by: User, moment: datetime | None = None) -> Merge:
    """Everything that went along goes back, and the old listing is there again. Twice is once."""
    moment = moment or timezone.now()
    rows = _held(merge.survivor_id, merge.gone_id)
    merge = Merge.objects.locked().get(pk=merge.pk)
    survivor, gone = rows[merge.survivor_id], rows[merge.gone_id]
    if merge.undone_at:
        return merge
    if merge.merged_at <= moment - UNDOABLE_FOR:
        raise TooLateToUndo
    if survivor.merged_into_id:
        raise LaterMergeFirst(shop=survivor.title)
    with context(user=by.pk):
        along.put_back(merge.moved, gone=gone.pk, survivor=survivor.pk)
        gone.merged_into, gone.closed_at = None, merge.was_closed_at
        gone.is_listed = merge.was_listed and may_be_listed(gone)
        gone.save(update_fields=["merged_into", "is_listed", "closed_at"])
        merge.undone_at, merge.undone_by = moment, by
        merge.save(update_fields=["undone_at", "undone_by"])
        first, second = sorted((survivor.pk, gone.pk))
        pair = DuplicatePair.objects.get(first_id=first, second_id=second)
        _decide(pair, PairState.DISTINCT, by, str(_("The merge was undone.")), moment)
    publish(MergeUndone(merge_id=merge.pk, survivor_id=survivor.pk, gone_id=gone.pk))
    return merge


@transaction.atomic
def follow_up(merge_id: int) -> int:
    """Take along what arrived at the old listing while it was being merged; returns how many rows."""
    merge = Merge.objects.standing().filter(pk=merge_id).first()
    if merge is None:
        return 0
    _held(merge.survivor_id, merge.gone_id)
    merge = Merge.objects.locked().get(pk=merge_id)
    if merge.undone_at:
        return 0
    late = along.move(merge.gone_id, merge.survivor_id)
    for label, what in late.items():
        known = merge.moved.setdefault(label, {"ids": [], "by": what["by"]})
        known["ids"] = sorted({*known["ids"], *what["ids"]})
    if late:
        merge.save(update_fields=["moved"])
    return sum(len(what["ids"]) for what in late.values())


@transaction.atomic
def keep_apart(pair: DuplicatePair, *, by: User, reason: str = "") -> DuplicatePair:
    """Not the same place; nobody is asked again."""
    pair = DuplicatePair.objects.select_for_update(no_key=True).get(pk=pair.pk)
    if pair.state == PairState.DISTINCT:
        return pair
    if pair.state != PairState.WAITING:
        raise PairDecided
    with context(user=by.pk, reason=reason[:200]):
        _decide(pair, PairState.DISTINCT, by, reason, timezone.now())
    return pair


@transaction.atomic
def merge_pair(pair: DuplicatePair, keep: Shop, *, by: User, reason: str = "") -> Merge:
    """Decide a pair of the queue: ``keep`` stays, the other one goes into it."""
    pair = DuplicatePair.objects.select_related("first", "second").get(pk=pair.pk)
    if keep.pk not in (pair.first_id, pair.second_id):
        raise SameListing
    gone = pair.second if keep.pk == pair.first_id else pair.first
    if pair.state != PairState.WAITING:
        raise PairDecided
    return merge_shops(keep, gone, by=by, reason=reason)


@transaction.atomic
def find_duplicates() -> dict[str, int]:
    """Look through all listings. What was decided stays decided; pairs that no longer fit are dropped."""
    seen, batch, found = set[tuple[int, int]](), list[DuplicatePair](), 0
    for one in pairs():
        seen.add((one.first, one.second))
        batch.append(_pair(one))
        found += 1
        if len(batch) == BATCH:
            _keep(batch)
            batch = []
    _keep(batch)
    stale = [
        pk
        for pk, first, second in DuplicatePair.objects.waiting()
        .filter(is_reported=False)
        .values_list("pk", "first_id", "second_id")
        if (first, second) not in seen
    ]
    DuplicatePair.objects.waiting().filter(pk__in=stale).delete()
    return {"found": found, "dropped": len(stale)}


@transaction.atomic
def find_duplicates_of(shop: Shop) -> int:
    """The same for one listing that is new; returns how many pairs."""
    found = [
        Found(min(shop.pk, row.place.id), max(shop.pk, row.place.id), row.evidence)
        for row in candidates_of(shop)
    ]
    _keep([_pair(one) for one in found])
    return len(found)


def report_pair(one: Shop, other: Shop) -> None:
    """A visitor says that both are one place: the pair waits for our staff, whatever the measures say."""
    first, second = sorted((one.pk, other.pk))
    DuplicatePair.objects.get_or_create(first_id=first, second_id=second, defaults={"score": 0})
    DuplicatePair.objects.waiting().filter(first=first, second=second).update(is_reported=True)


def _pair(found: Found) -> DuplicatePair:
    evidence = found.evidence
    return DuplicatePair(
        first_id=found.first,
        second_id=found.second,
        score=evidence.score,
        alike=round(100 * evidence.alike),
        metres=round(evidence.metres),
        same_phone=evidence.same_phone,
    )


def _keep(batch: list[DuplicatePair]) -> None:
    """New pairs are written, known ones get today's measures; nobody's decision is touched."""
    measures = ["score", "alike", "metres", "same_phone"]
    DuplicatePair.objects.bulk_create(
        batch, update_conflicts=True, unique_fields=["first", "second"], update_fields=measures
    )


def _cover_again(shops: list[int]) -> None:
    """The first photo of each is on its lists again."""
    for shop in shops:
        first: Any = Photo.objects.filter(shop=shop).order_by("position", "pk").first()
        Shop.objects.filter(pk=shop).update(cover=first.stem if first else "")


def _told_again(shops: list[int]) -> None:
    for shop in Shop.objects.filter(pk__in=shops).order_by("pk"):
        keep_told(shop)


def _calendars_again(shops: list[int]) -> None:
    for shop in Shop.objects.filter(pk__in=shops).order_by("pk"):
        keep_calendar(shop)


along.goes_along(Photo, unless_there=("digest",), order="position", settle=_cover_again)
along.goes_along(ListingClaim, only="t.state = 'waiting'", unless_there=("merchant_id",))
along.goes_along(Notice, settle=_told_again)
along.goes_along(SpecialDay, unless_there=('"on"',), settle=_calendars_again)
along.goes_along(Correction, only="t.state = 'open'", unless_there=("wrong",))

"""Correcting a listing: anybody proposes, the owner of a claimed shop or our staff decide with one tap."""

import hashlib
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.contrib.gis.geos import Point
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from merchants.actions import evidence as files
from merchants.actions.merging import merge_shops, report_pair
from merchants.actions.provenance import Hand
from merchants.actions.shops import check_pin, describe_shop, place_shop, set_hours
from merchants.actions.suspending import close_shop
from merchants.kinds import CORRECTION_ACCEPTED, CORRECTION_ARRIVED, CORRECTION_DECLINED
from merchants.models import Correction, CorrectionState, Fact, Origin, Role, Shop, Wrong
from merchants.models.correction import ANONYMOUS, ENOUGH, SIGNED_IN
from merchants.opening import hours
from merchants.trust.sources import value_in_words
from messaging.actions import tell, tell_many
from portal.kernel.audit import context
from portal.kernel.crypto import blind_index
from portal.kernel.db import point, retry_on_deadlock
from portal.kernel.limits import Limit, take
from portal.kernel.models import User
from portal.kernel.refused import KeyReused, Refused

BY_PERSON = Limit("corrections of a person", most=10, seconds=86_400)
BY_DEVICE = Limit("corrections from an address", most=5, seconds=86_400)
FACTS = {Wrong.PLACE: Fact.LOCATION, Wrong.HOURS: Fact.HOURS, Wrong.PHONE: Fact.PHONE, Wrong.NAME: Fact.NAME}
LONGEST = {Wrong.PHONE: 60, Wrong.NAME: 120}  # the columns' own


class ReportedEnough(Refused):
    status = 429
    sentence = _("That was a lot for one day. Thank you! Go on tomorrow.")


class SameAsNow(Refused):
    sentence = _("That is what the listing says already.")


class NotThisListing(Refused):
    sentence = _("Choose another listing than this one.")


class TooLong(Refused):
    sentence = _("That is longer than %(most)d characters.")


class CorrectionDecided(Refused):
    status = 409
    sentence = _("Somebody has already decided about this.")


class SayWhy(Refused):
    sentence = _("Write the reason: who reported it reads it.")


class OnlyStaffMerge(Refused):
    sentence = _("Only our staff can merge two listings.")


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """How it should be: ``lat``/``lon`` in WGS-84 degrees, ``text`` for hours, phone or name, ``other``."""

    wrong: Wrong
    lat: float | None = None
    lon: float | None = None
    text: str = ""
    other: Shop | None = None

    @property
    def digest(self) -> bytes:
        """Equal for who says the same; a pin within about ten metres is the same place."""
        where = f"{self.lat:.4f},{self.lon:.4f}" if self.lat is not None and self.lon is not None else ""
        said = "".join(self.text.split()).casefold()
        parts = [self.wrong, where, said, str(self.other.pk if self.other else "")]
        return hashlib.sha256("\n".join(parts).encode()).digest()


def propose(
    shop: Shop,
    proposal: Proposal,
    *,
    by: User | None,
    address: str,
    key: UUID,
    said: str = "",
    evidence: Any = None,
) -> Correction:
    """Report that something is wrong. ``address``: the network address of who has no account.

    Tries are counted before they are judged. The same key reports once; a second report of the same kind
    by the same person replaces nothing: it is the first.
    """
    if not take(BY_PERSON, by.pk) if by else not take(BY_DEVICE, address):
        raise ReportedEnough
    picture = files.picture(evidence) if evidence else None
    return _propose(shop, proposal, by, blind_index(address or "-"), key, said, picture)


@retry_on_deadlock
@transaction.atomic
def _propose(
    shop: Shop,
    proposal: Proposal,
    by: User | None,
    device: bytes,
    key: UUID,
    said: str,
    picture: ContentFile | None,
) -> Correction:
    shop = Shop.objects.locked().select_related("category").get(pk=shop.pk)
    if earlier := Correction.objects.filter(key=key).first():
        if (earlier.shop_id, earlier.by_id) != (shop.pk, by.pk if by else None):
            raise KeyReused
        return earlier
    same_hand = {"by": by} if by else {"by": None, "device": device}
    waiting = Correction.objects.waiting().filter(shop=shop, wrong=proposal.wrong)
    if present := waiting.filter(**same_hand).first():
        return present
    correction = Correction(
        shop=shop, by=by, device=device, said=said, key=key, digest=proposal.digest, **_read(shop, proposal)
    )
    if picture:
        correction.evidence.save(str(picture.name), picture, save=False)
    correction.save()
    if proposal.wrong == Wrong.DUPLICATE and proposal.other:
        report_pair(shop, proposal.other)
    _weigh(correction)
    return correction


def _read(shop: Shop, proposal: Proposal) -> dict[str, Any]:
    """The columns of what is proposed, checked as the verb that will write it checks it."""
    wrong, text = proposal.wrong, proposal.text.strip()
    place = None
    if wrong == Wrong.PLACE:
        check_pin(proposal.lat or 0.0, proposal.lon or 0.0)
        place = point(proposal.lat or 0.0, proposal.lon or 0.0)
    if wrong == Wrong.HOURS:
        text = hours.understood(text)
    if wrong == Wrong.DUPLICATE and (proposal.other is None or proposal.other.pk == shop.pk):
        raise NotThisListing
    longest = LONGEST.get(wrong, 500)
    if len(text) > longest:
        raise TooLong(most=longest)
    fact = FACTS.get(wrong)
    before = value_in_words(shop, fact) if fact else ""
    if text and text == (shop.name if wrong == Wrong.NAME else before):
        raise SameAsNow
    return {"wrong": wrong, "point": place, "text": text, "other": proposal.other, "before": before[:500]}


def _twins(correction: Correction) -> Any:
    """All open reports that say the same, this one among them."""
    return Correction.objects.waiting().filter(shop=correction.shop_id, digest=correction.digest)


def _weigh(correction: Correction) -> None:
    """What people say counts by who says it; when it becomes enough, who decides is told."""
    twins = list(_twins(correction))
    before = max((one.weight for one in twins if one.pk != correction.pk), default=0)
    devices = {bytes(one.device) for one in twins if one.by_id is None}
    weight = SIGNED_IN * sum(one.by_id is not None for one in twins) + ANONYMOUS * len(devices)
    _twins(correction).update(weight=weight)
    correction.weight = weight
    if before < ENOUGH <= weight:
        _tell_the_owner(correction)


def _tell_the_owner(correction: Correction) -> None:
    merchant = correction.shop.merchant
    if merchant is None or correction.wrong == Wrong.DUPLICATE:
        return
    team = merchant.staff.current().filter(role__in=[Role.OWNER, Role.MANAGER])
    tell_many(
        team.values_list("user", flat=True),
        CORRECTION_ARRIVED,
        occurrence=f"correction:{correction.pk}",
        url=f"/m/{merchant.slug}/corrections/",
        shop=correction.shop.name,
    )


@retry_on_deadlock
@transaction.atomic
def accept_correction(correction: Correction, *, by: User, decided_as: Origin) -> Correction:
    """Change the fact as proposed. Everybody who said the same is accepted with it and told."""
    shop = _held(correction)
    correction = _open(correction)
    if correction.wrong == Wrong.DUPLICATE and decided_as != Origin.STAFF:
        raise OnlyStaffMerge
    twins = list(_twins(correction).select_related("by", "shop").order_by("pk"))
    hand = Hand(origin=Origin.VISITOR, by=correction.by, accepted_by=by, accepted_as=decided_as)
    with context(user=by.pk, reason=f"correction {correction.pk}"):
        for one in twins:
            _settle(one, CorrectionState.ACCEPTED, by, decided_as)
        _apply(shop, correction, hand, by)
    for one in twins:
        if one.by:
            tell(
                one.by,
                CORRECTION_ACCEPTED,
                occurrence=f"correction:{one.pk}",
                url=f"/s/{shop.slug}/",
                shop=shop.name,
            )
    return _fresh(correction)


def _apply(shop: Shop, correction: Correction, hand: Hand, by: User) -> None:
    match correction.wrong:
        case Wrong.PLACE:
            pin = cast(Point, correction.point)  # a constraint sees to it
            place_shop(shop, lat=pin.y, lon=pin.x, address=shop.address, hand=hand)
        case Wrong.HOURS:
            set_hours(shop, correction.text, hand=hand)
        case Wrong.PHONE | Wrong.NAME:
            words = {"name": shop.name, "name_en": shop.name_en, correction.wrong: correction.text}
            describe_shop(shop, category=shop.category, hand=hand, **words)
        case Wrong.CLOSED:
            close_shop(shop, by=by)
        case Wrong.DUPLICATE if correction.other:
            merge_shops(correction.other, shop, by=by, reason=correction.said)


@retry_on_deadlock
@transaction.atomic
def decline_correction(correction: Correction, *, by: User, decided_as: Origin, reason: str) -> Correction:
    """Leave the listing as it is, and say why."""
    if not reason.strip():
        raise SayWhy
    shop = _held(correction)
    correction = _open(correction)
    with context(user=by.pk, reason=reason[:200]):
        _settle(correction, CorrectionState.DECLINED, by, decided_as, reason)
    if correction.by:
        tell(
            correction.by,
            CORRECTION_DECLINED,
            occurrence=f"correction:{correction.pk}",
            url=f"/s/{shop.slug}/report/",
            shop=shop.name,
            reason=reason,
        )
    return _fresh(correction)


@retry_on_deadlock
@transaction.atomic
def withdraw_correction(correction: Correction) -> None:
    """Whoever reported it thought again. A decided report stays as it was decided."""
    _held(correction)
    waiting = Correction.objects.waiting().filter(pk=correction.pk)
    if waiting.update(state=CorrectionState.WITHDRAWN, decided_at=timezone.now()):
        for twin in _twins(correction)[:1]:
            _weigh(twin)


def _held(correction: Correction) -> Shop:
    return Shop.objects.locked().select_related("category", "merchant").get(pk=correction.shop_id)


def _open(correction: Correction) -> Correction:
    correction = _fresh(correction)
    if correction.state != CorrectionState.OPEN:
        raise CorrectionDecided
    return correction


def _fresh(correction: Correction) -> Correction:
    return Correction.objects.select_related("shop", "other", "by").get(pk=correction.pk)


def _settle(
    correction: Correction, state: CorrectionState, by: User, decided_as: Origin, reason: str = ""
) -> None:
    correction.state, correction.decided_by, correction.decided_as = state, by, decided_as
    correction.reason, correction.decided_at = reason, timezone.now()
    correction.save(update_fields=["state", "decided_by", "decided_as", "reason", "decided_at"])

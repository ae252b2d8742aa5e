""" "This listing is mine": claimed with evidence, decided by platform staff with a reason."""

from typing import Any, cast

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from merchants.actions import evidence as files
from merchants.actions.opening import open_merchant
from merchants.actions.suspending import may_be_listed
from merchants.codes import issue_poster_code
from merchants.events import ListingGiven
from merchants.invariants import pairs
from merchants.kinds import CLAIM_APPROVED, CLAIM_DISPUTED, CLAIM_REJECTED, LISTING_TAKEN
from merchants.models import ClaimState, ListingClaim, Merchant, Role, Shop
from messaging.actions import tell, tell_many
from portal.kernel.audit import context
from portal.kernel.events import publish
from portal.kernel.models import User
from portal.kernel.refused import Refused

MOST_WAITING = 5  # claims of one person at a time


class AlreadyClaimed(Refused):
    sentence = _("%(shop)s already belongs to a merchant. If that is wrong, write to us.")


class TooManyClaims(Refused):
    sentence = _("%(most)d of your claims are waiting for a decision. We will answer those first.")


class AlreadyDecided(Refused):
    status = 409
    sentence = _("Somebody has already decided this claim.")


class HistoryInTheWay(Refused):
    sentence = _("The holder has %(what)s at this shop, which can't change hands. Suspend the shop instead.")


class ReasonMissing(Refused):
    sentence = _("Write the reason: the claimant reads it.")


def claim_listing(
    shop: Shop, *, by: User, said: str, evidence: Any = None, merchant: Merchant | None = None
) -> ListingClaim:
    """Ask for a listing, in words and if wanted with a photo or PDF of the licence or the shop.

    One that a merchant holds already can be asked for too: then it is a dispute, and both sides are heard.
    Without ``merchant`` a business of that name is opened for the claimant. A second claim for the
    same listing while the first waits is the first.
    """
    kept = files.picture_or_pdf(evidence) if evidence else None
    return _claim(shop, by, said, kept, merchant)


@transaction.atomic
def _claim(
    shop: Shop, by: User, said: str, kept: ContentFile | None, merchant: Merchant | None
) -> ListingClaim:
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    shop = Shop.objects.locked().select_related("merchant").get(pk=shop.pk)
    waiting = ListingClaim.objects.filter(by=by, state=ClaimState.WAITING)
    if present := waiting.filter(shop=shop).first():
        return present
    if shop.merchant and shop.merchant.staff.current().filter(user=by).exists():
        raise AlreadyClaimed(shop=shop.title)
    if waiting.count() >= MOST_WAITING:
        raise TooManyClaims(most=MOST_WAITING)
    merchant = merchant or open_merchant(by, name=shop.name[:60], name_en=shop.name_en[:80])
    claim = ListingClaim(shop=shop, merchant=merchant, by=by, said=said, against=shop.merchant)
    if kept:
        claim.evidence.save(str(kept.name), kept, save=False)
    claim.save()
    if shop.merchant:
        _tell_holders(claim, shop.merchant)
    return claim


def _tell_holders(claim: ListingClaim, holder: Merchant) -> None:
    owners = holder.staff.current().filter(role=Role.OWNER).values_list("user", flat=True)
    url = f"/m/{holder.slug}/disputes/"
    tell_many(owners, CLAIM_DISPUTED, occurrence=f"dispute:{claim.pk}", url=url, shop=claim.shop.name)


@transaction.atomic
def answer_claim(claim: ListingClaim, *, said: str) -> ListingClaim:
    """What the holder of a disputed listing says; until the decision it can be said anew."""
    claim = ListingClaim.objects.select_for_update(no_key=True).get(pk=claim.pk)
    if claim.state != ClaimState.WAITING or claim.against_id is None:
        raise AlreadyDecided
    claim.answer = said
    claim.save(update_fields=["answer"])
    return claim


@transaction.atomic
def decide_claim(claim: ListingClaim, *, approve: bool, by: User, reason: str = "") -> ListingClaim:
    """Give the listing to the claimant, or say why not. Other claims for it end with the first approval."""
    if not approve and not reason.strip():
        raise ReasonMissing
    shop = Shop.objects.locked().select_related("merchant").get(pk=claim.shop_id)
    claim = ListingClaim.objects.select_related("merchant", "by").get(pk=claim.pk)
    if claim.state != ClaimState.WAITING:
        raise AlreadyDecided
    with context(user=by.pk, reason=reason[:200]):
        if not approve:
            return _reject(claim, by, reason)
        if shop.merchant_id is not None:
            _take_from_holder(shop, claim, by, reason)
        _give(shop, claim.merchant)
        _settle(claim, ClaimState.APPROVED, by, reason)
        others = ListingClaim.objects.filter(shop=shop, state=ClaimState.WAITING)
        for other in others.select_related("by").order_by("pk"):
            _reject(other, by, str(_("The listing was given to another merchant.")))
    url = f"/m/{claim.merchant.slug}/shops/{shop.slug}/"
    tell(claim.by, CLAIM_APPROVED, occurrence=f"claim:{claim.pk}", url=url, shop=shop.name)
    publish(ListingGiven(shop_id=shop.pk, merchant_id=claim.merchant_id))
    return claim


def _give(shop: Shop, merchant: Merchant) -> None:
    shop.merchant, shop.confirmed_at = merchant, timezone.now()
    shop.is_listed = may_be_listed(shop)
    shop.save(update_fields=["merchant", "confirmed_at", "is_listed"])
    issue_poster_code(shop)


def _take_from_holder(shop: Shop, claim: ListingClaim, by: User, reason: str) -> None:
    """A dispute that the claimant wins. What the holder has sold there can't change hands with it."""
    if claim.against_id != shop.merchant_id:
        raise AlreadyClaimed(shop=shop.title)
    if not reason.strip():
        raise ReasonMissing
    for child, field, parent in pairs():
        if parent is Shop and child._default_manager.filter(**{field.name: shop.pk}).exists():
            raise HistoryInTheWay(what=child._meta.verbose_name_plural)
    for held in ListingClaim.objects.filter(shop=shop, state=ClaimState.APPROVED):
        held.state = ClaimState.OVERTURNED
        held.save(update_fields=["state"])
    holder = cast(Merchant, shop.merchant)
    owners = holder.staff.current().filter(role=Role.OWNER).values_list("user", flat=True)
    url = f"/m/{holder.slug}/shops/"
    words: dict[str, Any] = {"shop": shop.name, "reason": reason}
    tell_many(owners, LISTING_TAKEN, occurrence=f"taken:{claim.pk}", url=url, **words)


def _reject(claim: ListingClaim, by: User, reason: str) -> ListingClaim:
    _settle(claim, ClaimState.REJECTED, by, reason)
    url = f"/s/{claim.shop.slug}/claim/"
    tell(
        claim.by, CLAIM_REJECTED, occurrence=f"claim:{claim.pk}", url=url, shop=claim.shop.name, reason=reason
    )
    return claim


def _settle(claim: ListingClaim, state: ClaimState, by: User, reason: str) -> None:
    claim.state, claim.decided_by, claim.reason, claim.decided_at = state, by, reason, timezone.now()
    claim.save(update_fields=["state", "decided_by", "reason", "decided_at"])


@transaction.atomic
def withdraw_claim(claim: ListingClaim) -> None:
    """The claimant thought again. A decided claim stays as it was decided."""
    waiting = ListingClaim.objects.filter(pk=claim.pk, state=ClaimState.WAITING)
    waiting.update(state=ClaimState.WITHDRAWN, decided_at=timezone.now())

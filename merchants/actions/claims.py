""" "This listing is mine": claimed with evidence, decided by platform staff with a reason."""

from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from merchants import photos
from merchants.actions.opening import open_merchant
from merchants.codes import issue_poster_code
from merchants.events import ListingGiven
from merchants.kinds import CLAIM_APPROVED, CLAIM_REJECTED
from merchants.models import ClaimState, ListingClaim, Merchant, Shop
from messaging.actions import tell
from portal.kernel.audit import context
from portal.kernel.codes import new_code
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


class ReasonMissing(Refused):
    sentence = _("Write the reason: the claimant reads it.")


def claim_listing(
    shop: Shop, *, by: User, said: str, evidence: Any = None, merchant: Merchant | None = None
) -> ListingClaim:
    """Ask for a listing, in words and if wanted with a photo of the licence or the shop.

    Without ``merchant`` a business of that name is opened for the claimant. A second claim for the
    same listing while the first waits is the first.
    """
    picture = photos.webp(photos.decoded(evidence), photos.WIDTHS[-1]) if evidence else None
    return _claim(shop, by, said, picture, merchant)


@transaction.atomic
def _claim(shop: Shop, by: User, said: str, picture: bytes | None, merchant: Merchant | None) -> ListingClaim:
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    shop = Shop.objects.locked().get(pk=shop.pk)
    waiting = ListingClaim.objects.filter(by=by, state=ClaimState.WAITING)
    if present := waiting.filter(shop=shop).first():
        return present
    if shop.merchant_id is not None:
        raise AlreadyClaimed(shop=shop.title)
    if waiting.count() >= MOST_WAITING:
        raise TooManyClaims(most=MOST_WAITING)
    merchant = merchant or open_merchant(by, name=shop.name[:60], name_en=shop.name_en[:80])
    claim = ListingClaim(shop=shop, merchant=merchant, by=by, said=said)
    if picture:
        claim.evidence.save(f"{new_code(20).lower()}.webp", ContentFile(picture), save=False)
    claim.save()
    return claim


@transaction.atomic
def decide_claim(claim: ListingClaim, *, approve: bool, by: User, reason: str = "") -> ListingClaim:
    """Give the listing to the claimant, or say why not. Other claims for it end with the first approval."""
    if not approve and not reason.strip():
        raise ReasonMissing
    shop = Shop.objects.locked().get(pk=claim.shop_id)
    claim = ListingClaim.objects.select_related("merchant", "by").get(pk=claim.pk)
    if claim.state != ClaimState.WAITING:
        raise AlreadyDecided
    with context(user=by.pk, reason=reason[:200]):
        if not approve:
            return _reject(claim, by, reason)
        if shop.merchant_id is not None:
            raise AlreadyClaimed(shop=shop.title)
        shop.merchant, shop.confirmed_at = claim.merchant, timezone.now()
        shop.is_listed = shop.is_listed and claim.merchant.suspended_at is None
        shop.save(update_fields=["merchant", "confirmed_at", "is_listed"])
        issue_poster_code(shop)
        _settle(claim, ClaimState.APPROVED, by, reason)
        others = ListingClaim.objects.filter(shop=shop, state=ClaimState.WAITING)
        for other in others.select_related("by").order_by("pk"):
            _reject(other, by, str(_("The listing was given to another merchant.")))
    url = f"/m/{claim.merchant.slug}/shops/{shop.slug}/"
    tell(claim.by, CLAIM_APPROVED, occurrence=f"claim:{claim.pk}", url=url, shop=shop.name)
    publish(ListingGiven(shop_id=shop.pk, merchant_id=claim.merchant_id))
    return claim


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

"""An offer's life: drafted, published, ended."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from coupons.events import ProgrammePublished
from coupons.models import CouponKind, CouponProgramme, ProgrammeState, Sighting
from merchants.models import Merchant
from portal.kernel.codes import issue_code, new_code
from portal.kernel.events import publish
from portal.kernel.models import User
from portal.kernel.refused import Refused

TERMS = (
    "title",
    "kind",
    "amount_off",
    "percent_off",
    "most_off",
    "minimum",
    "stock",
    "per_person",
    "starts_at",
    "ends_at",
)


@transaction.atomic
def draft_programme(merchant: Merchant, *, by: User, key: UUID, **terms: Any) -> CouponProgramme:
    """Write down an offer that nobody sees yet; ``terms`` are the fields in ``TERMS``, money in minor units.

    The same ``key`` drafts one offer, however often the form is sent.
    """
    Merchant.objects.select_for_update(no_key=True).get(pk=merchant.pk)  # two copies of one form queue here
    if drafted := CouponProgramme.objects.of(merchant).filter(key=key).first():
        return drafted
    programme = CouponProgramme(merchant=merchant, created_by=by, token=new_code(), key=key)
    _apply(programme, terms)
    programme.save()
    issue_code("programme", programme.pk, token=programme.token)
    return programme


@transaction.atomic
def revise_draft(programme: CouponProgramme, *, by: User, **terms: Any) -> CouponProgramme:
    """Change an offer that is not out yet. What people may have seen or claimed is never rewritten."""
    programme = CouponProgramme.objects.locked().get(pk=programme.pk)
    if programme.state != ProgrammeState.DRAFT:
        raise Refused(_("This offer is out already. End it and publish a new one."))
    _apply(programme, terms)
    programme.save(update_fields=list(TERMS))
    return programme


def _apply(programme: CouponProgramme, terms: dict[str, Any]) -> None:
    if unknown := set(terms) - set(TERMS):
        raise TypeError(f"a coupon programme has no {sorted(unknown)}")
    for name, value in terms.items():
        setattr(programme, name, value)
    _judge(programme)


def _judge(programme: CouponProgramme) -> None:
    """The same rules as the table's constraints, in words that say what to do."""
    amount = programme.kind == CouponKind.AMOUNT
    if amount and not programme.amount_off:
        raise Refused(_("Enter how much the coupon takes off."))
    if not amount and not 1 <= (programme.percent_off or 0) <= 100:
        raise Refused(_("Enter a percentage between 1 and 100."))
    if (amount and programme.percent_off) or (not amount and programme.amount_off):
        raise Refused(_("A coupon takes off an amount or a percentage, not both."))
    if programme.stock < 1 or programme.per_person < 1:
        raise Refused(_("Enter at least one coupon in stock and one per person."))
    if programme.ends_at <= programme.starts_at:
        raise Refused(_("The end must be later than the start."))


@transaction.atomic
def publish_programme(
    programme: CouponProgramme, *, by: User, moment: datetime | None = None
) -> CouponProgramme:
    """Let people claim. Publishing twice is once."""
    moment = moment or timezone.now()
    programme = CouponProgramme.objects.locked().get(pk=programme.pk)
    if programme.state == ProgrammeState.PUBLISHED:
        return programme
    if programme.state == ProgrammeState.ENDED:
        raise Refused(_("This offer has ended. Draft a new one."))
    if programme.ends_at <= moment:
        raise Refused(_("This offer would be over already. Choose a later end."))
    programme.state, programme.published_at = ProgrammeState.PUBLISHED, moment
    programme.save(update_fields=["state", "published_at"])
    publish(ProgrammePublished(programme_id=programme.pk, merchant_id=programme.merchant_id))
    return programme


@transaction.atomic
def end_programme(programme: CouponProgramme, *, by: User) -> CouponProgramme:
    """No more claims from now on; what was claimed stays good until its own date."""
    programme = CouponProgramme.objects.locked().get(pk=programme.pk)
    programme.state = ProgrammeState.ENDED
    programme.save(update_fields=["state"])
    return programme


@transaction.atomic
def count_sighting(programme: CouponProgramme, *, day: date, times: int = 1) -> None:
    """The programme was shown on this day; nobody is remembered for it."""
    row, is_new = Sighting.objects.get_or_create(programme=programme, seen_on=day, defaults={"times": times})
    if not is_new:
        Sighting.objects.filter(pk=row.pk).update(times=F("times") + times)

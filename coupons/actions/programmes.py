"""An offer's life: drafted, published, ended."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from coupons.drafting import judge, judge_segment
from coupons.events import ProgrammePublished
from coupons.models import CouponBlackout, CouponProgramme, CouponTerms, ProgrammeState
from merchants.models import Merchant
from portal.kernel.codes import issue_code, new_code
from portal.kernel.events import publish
from portal.kernel.models import User
from portal.kernel.refused import Refused

FACE = (
    *("title", "kind", "amount_off", "percent_off", "most_off", "price", "item", "uses", "minimum"),
    *("stock", "per_person", "starts_at", "ends_at"),
)
RULES = (
    *("services", "shops", "weekdays", "opens", "closes", "days", "audience", "levels", "segment"),
    *("stacks", "is_transferable", "zone"),
)
Days = Sequence[tuple[date, date]]


@transaction.atomic
def draft_programme(
    merchant: Merchant, *, by: User, key: UUID, blackouts: Days = (), **terms: Any
) -> CouponProgramme:
    """Write down an offer that nobody sees yet; ``terms`` are the fields in ``FACE`` and ``RULES``, money in
    minor units; ``blackouts`` the first and last of the days on which it doesn't hold.

    The same ``key`` drafts one offer, however often the form is sent.
    """
    Merchant.objects.select_for_update(no_key=True).get(pk=merchant.pk)  # two copies of one form queue here
    if drafted := CouponProgramme.objects.of(merchant).filter(key=key).first():
        return drafted
    programme = CouponProgramme(merchant=merchant, created_by=by, token=new_code(), key=key)
    _apply(programme, terms, blackouts)
    programme.save()
    issue_code("programme", programme.pk, token=programme.token)
    return programme


@transaction.atomic
def revise_draft(
    programme: CouponProgramme, *, by: User, blackouts: Days = (), **terms: Any
) -> CouponProgramme:
    """Change an offer that is not out yet. What people may have seen or claimed is never rewritten.

    The rules are written anew as a whole: those that ``terms`` leave out don't restrict any more.
    """
    programme = CouponProgramme.objects.locked().get(pk=programme.pk)
    if programme.state != ProgrammeState.DRAFT:
        raise Refused(_("This offer is out already. End it and publish a new one."))
    _apply(programme, terms, blackouts)
    programme.save(update_fields=[*FACE, "terms"])
    return programme


def _apply(programme: CouponProgramme, terms: dict[str, Any], blackouts: Days) -> None:
    if unknown := set(terms) - {*FACE, *RULES}:
        raise TypeError(f"a coupon programme has no {sorted(unknown)}")
    for name in FACE:
        if name in terms:
            setattr(programme, name, terms[name])
    rules = {name: value for name, value in terms.items() if name in RULES}
    judge(programme, rules, blackouts)
    programme.terms = _written(programme, rules, blackouts)


def _written(programme: CouponProgramme, rules: dict[str, Any], blackouts: Days) -> CouponTerms:
    """A new version of the terms, unless they say what they said; no version is ever changed."""
    merchant = programme.merchant
    rules = {"zone": merchant.zone} | rules
    terms = CouponTerms(merchant=merchant, has_blackouts=bool(blackouts), **rules)
    if programme.terms_id and _says_the_same(programme.terms, terms, blackouts):
        return programme.terms
    terms.save()
    CouponBlackout.objects.bulk_create(
        CouponBlackout(merchant=merchant, terms=terms, starts_on=first, ends_on=last)
        for first, last in blackouts
    )
    return terms


def _says_the_same(one: CouponTerms, other: CouponTerms, blackouts: Days) -> bool:
    days = one.blackouts.order_by("starts_on", "ends_on").values_list("starts_on", "ends_on")
    same = all(getattr(one, name) == getattr(other, name) for name in RULES)
    return same and list(days) == sorted(blackouts)


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
    judge_segment(programme.merchant, programme.terms.segment)
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

"""Drafting and opening a flash deal: an offer that begins when it is sent and is over today."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coupons.actions.programmes import draft_programme, end_programme, publish_programme, revise_draft
from coupons.models import CouponKind, FlashDeal
from merchants.models import Merchant
from portal.kernel.models import User
from portal.kernel.refused import Refused

SHORTEST, LONGEST = timedelta(minutes=15), timedelta(hours=24)
MOST_PIECES = 10_000


class NotAFlash(Refused):
    sentence = _("A flash deal runs from 15 minutes to 24 hours.")


class TooMany(Refused):
    sentence = _("A flash deal has 1 to %(most)s pieces.")


@transaction.atomic
def draft_deal(
    merchant: Merchant,
    *,
    by: User,
    key: UUID,
    title: str,
    percent_off: int,
    stock: int,
    lasts: timedelta,
    begins_at: datetime,
) -> FlashDeal:
    """One piece each, a percentage off. Nobody sees it before ``open_deal``. The same key drafts once."""
    if not SHORTEST <= lasts <= LONGEST:
        raise NotAFlash
    if not 1 <= stock <= MOST_PIECES:
        raise TooMany(most=MOST_PIECES)
    programme = draft_programme(
        merchant,
        by=by,
        key=key,
        title=title,
        kind=CouponKind.PERCENT,
        percent_off=percent_off,
        stock=stock,
        per_person=1,
        starts_at=begins_at,
        ends_at=begins_at + lasts,
    )
    return FlashDeal.objects.get_or_create(merchant=merchant, programme=programme)[0]


@transaction.atomic
def open_deal(deal: FlashDeal, *, by: User, moment: datetime) -> FlashDeal:
    """Its time begins now, whenever it was meant to: people get all the hours they are told."""
    programme = deal.programme
    lasts = programme.ends_at - programme.starts_at
    revise_draft(programme, by=by, starts_at=moment, ends_at=moment + lasts)
    publish_programme(programme, by=by, moment=moment)
    deal.programme.refresh_from_db()
    return deal


def close_deal(deal: FlashDeal, *, by: User) -> None:
    """No more claims; what was claimed stays good until its end."""
    end_programme(deal.programme, by=by)

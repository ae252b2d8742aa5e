"""Sending a flash deal or a letter: decided, held for thirty seconds, released, or stopped."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coupons.actions import close_deal, draft_deal, open_deal
from coupons.models import FlashDeal
from crm import letters
from crm.audiences import people_in
from crm.letters import Letter
from crm.models import Campaign, Segment
from merchants.models import Merchant, Shop
from messaging.actions import mail_out, stop_mailing
from messaging.kinds import Kind, register
from messaging.models import Mailing, Purpose
from portal.kernel.codes import new_code
from portal.kernel.models import User
from portal.kernel.refused import Refused

HOLD = timedelta(seconds=30)
FLASH = register(
    Kind(
        "crm.flash_deal",
        Purpose.DEALS,
        title=_("%(shop)s: %(percent)s%% off until %(until)s"),
        body=_("%(stock)s pieces. %(title)s"),
    )
)


class NoPlace(Refused):
    sentence = _("Give the shop a place on the map first: the deal is for people near it.")


@dataclass(frozen=True)
class Plan:
    """What is offered, to whom, from which shop."""

    title: str
    percent_off: int
    stock: int
    lasts: timedelta
    audience: str
    shop: Shop
    within_m: int = 2000
    segment: Segment | None = None


@transaction.atomic
def send_deal(
    merchant: Merchant, plan: Plan, *, by: User, key: UUID, moment: datetime | None = None
) -> Campaign:
    """Nothing leaves for thirty seconds. The same key sends once."""
    moment = moment or timezone.now()
    Merchant.objects.select_for_update(no_key=True).get(pk=merchant.pk)  # two copies of one form queue here
    if sent := Campaign.objects.of(merchant).filter(key=key).first():
        return sent
    if plan.shop.location is None:
        raise NoPlace
    deal = draft_deal(
        merchant,
        by=by,
        key=key,
        title=plan.title,
        percent_off=plan.percent_off,
        stock=plan.stock,
        lasts=plan.lasts,
        begins_at=moment + HOLD,
    )
    return Campaign.objects.create(
        merchant=merchant,
        token=new_code(16),
        deal=deal,
        audience=plan.audience,
        segment=plan.segment,
        shop=plan.shop,
        within_m=plan.within_m,
        key=key,
        by=by,
        goes_at=moment + HOLD,
    )


@transaction.atomic
def send_letter(
    merchant: Merchant, letter: Letter, *, by: User, key: UUID, moment: datetime | None = None
) -> Campaign:
    """Held like a deal, and told by the same statement when its time has come. The same key sends once."""
    moment = moment or timezone.now()
    Merchant.objects.select_for_update(no_key=True).get(pk=merchant.pk)
    if sent := Campaign.objects.of(merchant).filter(key=key).first():
        return sent
    letters.check(letter, moment)
    return Campaign.objects.create(
        merchant=merchant,
        token=new_code(16),
        words=letter.words,
        programme=letter.programme,
        note=letter.note.strip(),
        channels=list(letter.channels),
        audience=letter.audience,
        segment=letter.segment,
        shop=letter.shop,
        key=key,
        by=by,
        goes_at=moment + HOLD,
    )


@transaction.atomic
def release(campaign: Campaign, *, moment: datetime) -> bool:
    """Tell its audience, and open the deal if it is one, in one transaction. Once, whoever comes second.

    A letter whose coupon has meanwhile run out or ended stops by itself.
    """
    whole = ("deal__programme", "programme__terms", "shop", "by", "segment__merchant", "merchant")
    mine = Campaign.objects.locked().select_related(*whole).get(pk=campaign.pk)
    if mine.released_at or mine.stopped_at or mine.goes_at > moment:
        return False
    if mine.programme and mine.programme.stage_at(moment) != "claimable":
        mine.stopped_at = moment
        mine.save(update_fields=["stopped_at"])
        return False
    mine.mailing = _tell_of(mine, mine.deal, moment) if mine.deal else letters.tell(mine, moment)
    mine.released_at = moment
    mine.save(update_fields=["mailing", "released_at"])
    return True


def _tell_of(mine: Campaign, deal: FlashDeal, moment: datetime) -> Mailing:
    programme = open_deal(deal, by=mine.by, moment=moment).programme
    return mail_out(
        whom(mine, moment),
        FLASH,
        merchant_id=mine.merchant_id,
        occurrence=f"campaign:{mine.pk}",
        url=reverse("coupons:offer", args=[programme.token]),
        useless_after=programme.ends_at,
        hold_seed=mine.token,
        moment=moment,
        shop=mine.shop.name,
        percent=programme.percent_off,
        until=programme.ends_at,
        stock=programme.stock,
        title=programme.title,
    )


def whom(campaign: Campaign, moment: datetime) -> "QuerySet[Any, Any]":
    """Keys of the persons whom it is told, chosen as it goes out."""
    asked: dict[str, Any] = {"within_m": campaign.within_m, "segment": campaign.segment}
    return people_in(campaign.audience, campaign.shop, moment=moment, **asked)


def release_due(moment: datetime) -> int:
    """All that have been held long enough, one transaction each; returns how many went out."""
    due = list(Campaign.objects.due(moment).order_by("goes_at", "pk")[:100])
    return sum(release(campaign, moment=moment) for campaign in due)


@transaction.atomic
def stop(campaign: Campaign, *, by: User, moment: datetime | None = None) -> Campaign:
    """In the hold nothing has left; afterwards the rest is held back and no more can be claimed."""
    mine = Campaign.objects.locked().select_related("deal__programme", "mailing").get(pk=campaign.pk)
    if mine.stopped_at is None:
        mine.stopped_at = moment or timezone.now()
        mine.save(update_fields=["stopped_at"])
        if mine.deal:
            close_deal(mine.deal, by=by)
        if mine.mailing:
            stop_mailing(mine.mailing, moment=mine.stopped_at)
    return mine

"""Letters of a shop to its customers: what they say, whom they reach, what they cost."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from coupons.models import CouponProgramme
from coupons.questions import people_meant
from crm.audiences import people_in
from crm.models import Audience, Campaign, Segment, Words
from crm.results.outcomes import FEWEST
from merchants.models import Merchant, Shop
from messaging.actions import mail_out
from messaging.cost import cost_of
from messaging.kinds import Kind, register, storable
from messaging.models import Channel, Mailing, Purpose
from messaging.reach import readers_of
from portal.kernel.refused import Refused

WAYS = (Channel.INBOX, Channel.PUSH, Channel.EMAIL, Channel.SMS)
USEFUL = timedelta(days=7)  # words without a coupon; later they are no news
SHORTEST = 5  # characters of one's own words


def _care(name: str, title: Any) -> Kind:
    """The shop's own words below a title."""
    return register(
        Kind(name, Purpose.CARE, title=title, body=_("%(shop)s: %(note)s"), channels=WAYS),
    )


KINDS: dict[str, Kind] = {
    Words.COUPON: register(
        Kind(
            "crm.letter_coupon",
            Purpose.DEALS,
            title=_("%(shop)s has a coupon for you"),
            body=_("“%(coupon)s” at %(shop)s, to be claimed by %(until)s. %(note)s"),
            channels=WAYS,
        )
    ),
    Words.MISS: _care("crm.letter_miss", _("%(shop)s would like to see you again")),
    Words.THANKS: _care("crm.letter_thanks", _("%(shop)s says thank you")),
    Words.NEWS: _care("crm.letter_news", _("A word from %(shop)s")),
}
#: Those who know the shop: a letter isn't for people who are merely near.
TO_CUSTOMERS = (Audience.MEMBERS, Audience.AWAY, Audience.SEGMENT)


class NoWords(Refused):
    sentence = _("Write what you want to say, in five characters or more.")


class NotClaimableNow(Refused):
    sentence = _("Choose a coupon that people can claim now.")


class NotCustomers(Refused):
    sentence = _("A letter goes to customers. People nearby hear of flash deals.")


@dataclass(frozen=True)
class Letter:
    """What is said to whom on which ways; the inbox has it always."""

    words: str
    audience: str
    shop: Shop  # its page is where a letter without a coupon leads
    channels: tuple[str, ...] = ()
    note: str = ""
    programme: CouponProgramme | None = None
    segment: Segment | None = None

    @property
    def kind(self) -> Kind:
        return KINDS[self.words]

    def useless_after(self, moment: datetime) -> datetime:
        return self.programme.ends_at if self.programme else moment + USEFUL

    def params(self, merchant: Merchant) -> dict[str, Any]:
        facts: dict[str, Any] = {"shop": merchant.name, "note": self.note}
        if self.programme:
            facts |= {"coupon": self.programme.title, "until": self.programme.ends_at}
        return facts


def letter_of(campaign: Campaign) -> Letter:
    names = ("words", "audience", "shop", "note", "programme", "segment")
    return Letter(channels=tuple(campaign.channels), **{name: getattr(campaign, name) for name in names})


def title_of_letter(campaign: Campaign) -> str:
    """As people read it."""
    letter = letter_of(campaign)
    return letter.kind.written(storable(letter.params(campaign.merchant)))[0]


def check(letter: Letter, moment: datetime) -> None:
    if letter.audience not in TO_CUSTOMERS:
        raise NotCustomers
    if letter.words == Words.COUPON:
        if letter.programme is None or letter.programme.stage_at(moment) != "claimable":
            raise NotClaimableNow
    elif len(letter.note.strip()) < SHORTEST:
        raise NoWords


def readers(letter: Letter, moment: datetime) -> "QuerySet[Any, Any]":
    """Keys of the persons it is for; of a coupon that is for some, only those who can claim it."""
    people = people_in(letter.audience, letter.shop, within_m=0, moment=moment, segment=letter.segment)
    meant = people_meant(letter.programme, moment) if letter.programme else None
    return people if meant is None else people.filter(user__in=meant)


def tell(campaign: Campaign, moment: datetime) -> Mailing:
    """Write it to everybody it is for, as the policy allows."""
    letter = letter_of(campaign)
    programme = letter.programme
    return mail_out(
        readers(letter, moment),
        letter.kind,
        merchant_id=campaign.merchant_id,
        occurrence=f"campaign:{campaign.pk}",
        url=reverse("coupons:offer", args=[programme.token]) if programme else letter.shop.get_absolute_url(),
        useless_after=letter.useless_after(moment),
        channels=(Channel.INBOX, *(Channel(way) for way in letter.channels)),
        hold_seed=campaign.token,
        moment=moment,
        **letter.params(campaign.merchant),
    )


@dataclass(frozen=True)
class Cost:
    """Minor units; ``is_bound``: that of ten, where fewer would get it and the sum would tell how many."""

    amount: int
    is_bound: bool


def cost_foreseen(letter: Letter, merchant: Merchant, moment: datetime) -> Cost:
    """Of text messages, in each reader's language; all other ways cost nothing."""
    if Channel.SMS not in letter.channels:
        return Cost(0, is_bound=False)
    asked: dict[str, Any] = {"moment": moment, "useless_after": letter.useless_after(moment)}
    counted = readers_of(readers(letter, moment), letter.kind, Channel.SMS, merchant_id=merchant.pk, **asked)
    params = letter.params(merchant)
    if not 0 < counted.total() < FEWEST:
        return Cost(cost_of(letter.kind, counted, **params), is_bound=False)
    return Cost(max(cost_of(letter.kind, {one: FEWEST}, **params) for one in counted), is_bound=True)

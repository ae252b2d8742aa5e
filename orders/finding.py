"""What a cashier's scan or typing means here: a member card, a coupon, or several cards to choose from."""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import phonenumbers
from django.conf import settings
from django.db.models import Exists, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coupons.models import Coupon
from loyalty.actions.codes import shown_by
from loyalty.cards.merging import card_instead
from loyalty.cards.numbers import normalise_number
from loyalty.models import Approval, Card, CardMedium, MediumState, RetiredCode
from merchants.models import Merchant
from merchants.wording import in_language
from orders.models import WrongCode
from portal.kernel.codes import split_code
from portal.kernel.crypto import blind_indexes
from portal.kernel.limits import Limit, exhausted, used_up
from portal.kernel.models import User
from portal.kernel.refused import Refused

WRONG_CODES = 10
WINDOW = timedelta(minutes=15)
BOTH_ENDS = re.compile(r"(\d{6})\s+(\d{4})", re.ASCII)  # of the card number, then of the phone
# A market hall's tills share one address: more than one person's, far fewer than guessing takes.
FROM_ONE_ADDRESS = Limit("wrong codes at counters from an address", most=60, seconds=900)
CHOICES = 8  # cards offered when last digits fit several


class UnknownCode(Refused):
    """The same answer for a code that doesn't exist and one of another merchant: guessing learns nothing."""

    status = 422
    sentence = _("No card or coupon of this shop has this code. Check it, or ask for the phone number.")


class Replaced(UnknownCode):
    """The card itself was here: it counts as a wrong code all the same."""

    sentence = _("This card was replaced and its old code is worthless. Ask for the new one, or the phone.")


class NobodysYet(Refused):
    """A printed card of this shop that still has to be given to somebody; ``number`` says which."""

    sentence = _("This printed card is nobody’s yet. Link it to the customer first.")

    @property
    def number(self) -> str:
        return str(self.values["number"])


class Worthless(UnknownCode):
    sentence = _("This printed card was revoked and works nowhere. Ask for the phone number instead.")


class OtherShops(UnknownCode):
    """A coupon in the customer's hand, of another merchant: its holder may know whose. Counted as wrong."""

    sentence = _("This coupon belongs to %(merchant)s and can’t be used here.")


class TooManyWrong(Refused):
    status = 422
    sentence = _("Too many wrong codes. Wait a quarter of an hour, or ask a colleague.")


@dataclass(frozen=True)
class Basket:
    """What lies on the counter: at most one card and one coupon, or the cards to choose from.

    ``approval`` when the card was shown by a pay code: what its holder agreed to pay.
    """

    card: Card | None = None
    coupon: Coupon | None = None
    approval: Approval | None = None
    proof: str = ""  # what the holder's phone wrote behind the token, when it is good just now
    is_old: bool = False  # it wrote something that is good no more: a picture of the code, say
    choices: list[Card] = field(default_factory=list)

    @property
    def coupon_alone(self) -> bool:
        """Then the card takes off nothing."""
        return self.coupon is not None and not self.coupon.terms.stacks

    def __bool__(self) -> bool:
        return bool(self.card or self.coupon or self.choices)


def find(
    merchant: Merchant, text: str, *, by: User, moment: datetime, held: Basket, address: str = ""
) -> Basket:
    """Add what ``text`` names to what is held already. Raises UnknownCode or TooManyWrong.

    ``address``: from where it is asked; many people who guess from one place share an allowance, too.
    """
    allowed = _allowed(by, moment, address)
    token, proof = (None, "") if BOTH_ENDS.fullmatch(text.strip()) else split_code(text)
    if token:
        if card := _cards(merchant, allowed).filter(token=token).first():
            is_good = bool(proof and shown_by(card, proof, moment=moment))
            return replace(
                held, card=_in_force(card), proof=proof if is_good else "", is_old=bool(proof) and not is_good
            )
        if coupon := _coupons(merchant, allowed).filter(token=token).first():
            return replace(held, coupon=coupon)
        if asked := Approval.objects.of(merchant).usable_at(moment).filter(token=token).first():
            card = _cards(merchant, allowed).filter(pk=asked.card_id).first()
            return replace(held, card=card, approval=asked) if card else held
        if card := _cards(merchant, allowed).filter(vouchers__token=token).first():
            return replace(held, card=card)
    elif cards := _by_digits(merchant, allowed, text):
        if len(cards) > 1:
            return replace(held, choices=cards)
        return replace(held, card=_in_force(cards[0]))
    named = token or normalise_number(text) or ""
    if card := _shown_otherwise(merchant, text, named, allowed):
        return replace(held, card=_in_force(card))
    if _blocked(by, moment, address):
        raise TooManyWrong
    raise _why_not(merchant, named)


def _why_not(merchant: Merchant, named: str) -> UnknownCode:
    """Only who holds a coupon or a replaced card can know its code: they are told what it is."""
    if elsewhere := Coupon.objects.filter(token=named).select_related("merchant").first():
        return OtherShops(merchant=in_language(elsewhere.merchant.name, elsewhere.merchant.name_en))
    return Replaced() if RetiredCode.objects.naming(merchant, named).exists() else UnknownCode()


def _shown_otherwise(merchant: Merchant, text: str, named: str, allowed: Any) -> Card | None:
    """The member card behind the number on a card from before, a printed card or a pass."""
    if card := _cards(merchant, allowed).filter(brought__number=text.strip()[:40]).first():
        return card
    medium = CardMedium.objects.naming(merchant, named).filter(allowed).first()
    if medium is None:
        return None
    if medium.state == MediumState.REVOKED:
        raise Worthless
    if medium.state == MediumState.BLANK:
        raise NobodysYet(number=medium.number)
    return _cards(merchant, allowed).get(media=medium)


def held_by_counter(
    merchant: Merchant, card: str, coupon: str, approval: str = "", proof: str = ""
) -> Basket:
    """What an earlier scan put on the counter, by the tokens that the page carries along."""
    everything = Q()
    return Basket(
        card=_cards(merchant, everything).filter(token=card).first() if card else None,
        coupon=_coupons(merchant, everything).filter(token=coupon).first() if coupon else None,
        approval=Approval.objects.of(merchant).filter(token=approval).first() if approval else None,
        proof=proof,
    )


def _cards(merchant: Merchant, allowed: Any) -> QuerySet[Card]:
    return (
        Card.objects.of(merchant)
        .in_full()
        .with_money()
        .with_passes()
        .with_terms(timezone.now())
        .filter(allowed)
    )


def _in_force(card: Card) -> Card:
    """A card that was merged into another leads to that one."""
    kept = card_instead(card)
    return card if kept == card else _cards(kept.merchant, Q()).get(pk=kept.pk)


def _coupons(merchant: Merchant, allowed: Any) -> QuerySet[Coupon]:
    return (
        Coupon.objects.of(merchant)
        .select_related("programme__merchant", "customer__user", "terms")
        .filter(allowed)
    )


def _by_digits(merchant: Merchant, allowed: Any, text: str) -> list[Card]:
    """By the whole number, a phone number, the last four to six digits of either, or the ends of both."""
    if ends := BOTH_ENDS.fullmatch(text.strip()):
        fits = Q(number__endswith=ends[1], customer__phone_tail=ends[2])
        return list(_cards(merchant, allowed).filter(fits)[:CHOICES])
    if number := normalise_number(text):
        return list(_cards(merchant, allowed).filter(number=number))
    if phone := _as_phone(text):
        index = blind_indexes(phone)
        owner = Q(customer__phone_index__in=index) | Q(customer__user__phone_index__in=index)
        return list(_cards(merchant, allowed).filter(owner)[:CHOICES])
    digits = "".join(str(int(char)) for char in text.strip() if char.isdecimal())
    if not 4 <= len(digits) <= 6 or len(digits) != len(text.strip()):
        return []
    fits = Q(number__endswith=digits, number__isnull=False)
    if len(digits) == 4:
        fits |= Q(customer__phone_tail=digits)
    fits |= Q(brought__number=digits)
    return list(_cards(merchant, allowed).filter(fits).order_by("-last_used_at", "pk")[:CHOICES])


def _as_phone(text: str) -> str | None:
    try:
        number = phonenumbers.parse(text, settings.PHONENUMBER_DEFAULT_REGION)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _tries(by: User, moment: datetime) -> QuerySet[WrongCode]:
    return WrongCode.objects.filter(by=by, tried_at__gt=moment - WINDOW)


def _allowed(by: User, moment: datetime, address: str) -> Any:
    """A condition inside the look-up itself: whoever has tried too often finds nothing, right or wrong."""
    tries = _tries(by, moment).order_by("tried_at")[WRONG_CODES - 1 : WRONG_CODES]
    return ~Exists(tries) & ~Exists(exhausted(FROM_ONE_ADDRESS, address))


def _blocked(by: User, moment: datetime, address: str) -> bool:
    return _tries(by, moment).count() >= WRONG_CODES or used_up(FROM_ONE_ADDRESS, address)

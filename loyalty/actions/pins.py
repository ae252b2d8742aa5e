"""Setting a spending PIN, and judging the digits that somebody typed."""

import secrets
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from loyalty import pins
from loyalty.events import PinLocked, PinSet, PinsGuessedAtTill
from loyalty.models import Card, CardState, Pin, PinChange, PinCode, PinTry
from loyalty.texts import send_pin_code
from merchants.models import Shop, StaffMember
from messaging.texts import CODE_LIVES
from portal.kernel.crypto import blind_index, is_index_of
from portal.kernel.events import publish
from portal.kernel.limits import Limit, take
from portal.kernel.models import User
from portal.kernel.refused import Refused

WRONG_IN_A_ROW = 5
WRONG_A_DAY = 10
WRONG_AT_A_TILL = 10
LOCK = timedelta(minutes=15)  # doubled with each lock that follows without a right PIN in between
LONGEST_LOCK = timedelta(days=1)
TILL_WINDOW = timedelta(minutes=15)
COOL_OFF = timedelta(hours=24)
CODES_SENT = Limit("PIN code sent", most=3, seconds=300)
CODES_A_DAY = Limit("PIN codes in a day", most=10, seconds=86_400)
CODE_TRIES = Limit("PIN code tried", most=5, seconds=900)


class NoPin(Refused):
    sentence = _("This card has no PIN yet. Its holder sets one under “My cards” on the own phone.")


class WrongPin(Refused):
    sentence = ngettext_lazy(
        "That is not the PIN. %(left)d try is left before it is locked.",
        "That is not the PIN. %(left)d tries are left before it is locked.",
        "left",
    )


class PinChanged(Refused):
    sentence = _("The PIN was changed just now. Use the new one.")


class PinIsLocked(Refused):
    sentence = ngettext_lazy(
        "The PIN is locked after too many wrong tries. Try again in %(minutes)d minute.",
        "The PIN is locked after too many wrong tries. Try again in %(minutes)d minutes.",
        "minutes",
    )


class PinIsShut(Refused):
    sentence = _("The PIN was tried too often. Only a new PIN helps: set one with a code to your phone.")


class PinCoolsOff(Refused):
    sentence = _("The PIN was set anew without the old one. It can be used from %(at)s.")


class TooManyAtTill(Refused):
    sentence = _("Too many wrong PINs at this till. Wait a quarter of an hour; the owner is told.")


class NotYourCard(Refused):
    status = 404
    sentence = _("Only its holder sets the PIN of a card.")


class NoWayToReach(Refused):
    sentence = _("Add your phone number to your account first: the code for a PIN is sent to it.")


class AskedTooOften(Refused):
    status = 429
    sentence = _("Several codes were sent already. Wait five minutes, then ask again.")


class WrongCode(Refused):
    sentence = _("That code is not right or no longer good. Ask for a new one.")


def ask_for_code(card: Card, *, by: User, moment: datetime) -> PinCode:
    """Send six digits to the holder's own phone; the ones before are good for nothing. Raises Refused.

    Not in one transaction: what counts the asking must stay when the rest is refused.
    """
    _held_by(card, by)
    if not (by.phone_verified_at or by.email):
        raise NoWayToReach
    if not (take(CODES_SENT, by.pk) and take(CODES_A_DAY, by.pk)):
        raise AskedTooOften
    digits = f"{secrets.randbelow(10**pins.LENGTH):0{pins.LENGTH}d}"
    with transaction.atomic():
        code, _made = PinCode.objects.update_or_create(
            card=card,
            defaults={
                "merchant_id": card.merchant_id,
                "index": _index_of(card, digits),
                "sent_at": moment,
                "round": uuid4(),
            },
        )
        send_pin_code(by, digits, merchant=card.programme.merchant.name)
    return code


def code_is_out(card: Card, *, moment: datetime) -> bool:
    """Whether a code was sent that may still be typed."""
    return PinCode.objects.filter(card=card, sent_at__gt=moment - CODE_LIVES).exists()


def set_pin(card: Card, digits: str, *, code: str, old: str = "", by: User, moment: datetime) -> Pin:
    """Set or change the PIN, proven by the code that was sent. Raises Refused.

    With the ``old`` PIN the new one spends at once; without it only after ``COOL_OFF``: who has found
    a phone can read its texts, and the holder is told. Not in one transaction, for tries must stay counted.
    """
    _held_by(card, by)
    digits = pins.read_pin(digits)
    pins.refuse_weak(digits, by.phone, card.customer.phone, card.number)
    sent = _judge_code(card, code, moment)
    knows = bool(old) and Pin.objects.filter(card=card).exists()
    if knows:
        judge_pin(card, old, moment=moment)
    secret, pepper = pins.hashed(digits, card.pk)
    with transaction.atomic():
        return _write(card, secret, pepper, sent=sent, knows=knows, by=by, moment=moment)


def _write(
    card: Card, secret: str, pepper: str, *, sent: PinCode, knows: bool, by: User, moment: datetime
) -> Pin:
    if not PinCode.objects.filter(pk=sent.pk, round=sent.round).delete()[0]:
        raise WrongCode  # somebody else's form with the same code was sooner
    former = Pin.objects.locked().filter(card=card).first()
    spends_from = moment
    if former:
        spends_from = max(moment, former.spends_from) if knows else moment + COOL_OFF
    pin, _made = Pin.objects.update_or_create(
        card=card,
        defaults={
            "merchant_id": card.merchant_id,
            "secret": secret,
            "pepper": pepper,
            "set_at": moment,
            "spends_from": spends_from,
            "wrong": 0,
            "locks": 0,
            "locked_until": None,
            "shut_at": None,
        },
    )
    is_reset = bool(former and not knows)
    PinChange.objects.create(
        merchant_id=card.merchant_id, card=card, by=by, is_reset=is_reset, changed_at=moment
    )
    publish(PinSet(card_id=card.pk, merchant_id=card.merchant_id, is_reset=is_reset, at=moment.isoformat()))
    return pin


def judge_pin(
    card: Card, typed: str, *, moment: datetime, till: User | None = None, shop: Shop | None = None
) -> Pin:
    """Whether these are the digits of the card's PIN; raises what is to be said when they aren't.

    ``till`` and ``shop`` when it is typed on a shop's screen. Never inside a transaction (RuntimeError): the
    try is counted and committed before it is judged, so that nothing that goes wrong later takes it back.
    """
    digits = pins.read_pin(typed)
    attempt = _reserve(card, moment=moment, till=till, shop=shop)
    pin = attempt.pin
    if not pins.fits(digits, card.pk, secret=pin.secret, pepper=pin.pepper):
        _tell_of_wrong(attempt, moment)
        if pin.is_locked(moment):
            raise locked(pin, moment)
        raise WrongPin(left=attempt.left)
    _accept(attempt, digits)
    return pin


def locked(pin: Pin, moment: datetime) -> Refused:
    """What to say of a PIN that can't be tried now."""
    if pin.shut_at or pin.locked_until is None:
        return PinIsShut()
    return PinIsLocked(minutes=max(1, -(-(pin.locked_until - moment) // timedelta(minutes=1))))


@transaction.atomic(durable=True)
def _reserve(card: Card, *, moment: datetime, till: User | None, shop: Shop | None) -> PinTry:
    """Count a try before anybody looks at it. Locks: the person at the till, then the PIN."""
    if till:
        _judge_till(card, till, moment)
    pin = Pin.objects.locked().filter(card=card).first()
    if pin is None:
        raise NoPin
    if pin.is_locked(moment):
        raise locked(pin, moment)
    attempt = PinTry.objects.create(
        merchant_id=card.merchant_id, pin=pin, tried_at=moment, till=till, shop=shop
    )
    pin.wrong += 1
    today = PinTry.objects.wrong_since(max(pin.set_at, moment - timedelta(days=1))).filter(pin=pin).count()
    attempt.left = min(WRONG_IN_A_ROW - pin.wrong, WRONG_A_DAY - today)
    if today >= WRONG_A_DAY:
        pin.shut_at = moment
    elif pin.wrong >= WRONG_IN_A_ROW:
        pin.locked_until = moment + min(LOCK * 2**pin.locks, LONGEST_LOCK)
        pin.wrong, pin.locks = 0, pin.locks + 1
    pin.save(update_fields=["wrong", "locks", "locked_until", "shut_at"])
    return attempt


def _judge_till(card: Card, till: User, moment: datetime) -> None:
    """Guesses spread over many cards are counted where they are typed. Locks the person's work."""
    work = StaffMember.objects.current().filter(merchant=card.merchant_id, user=till)
    work.select_for_update(no_key=True).first()
    wrong = PinTry.objects.wrong_since(moment - TILL_WINDOW).filter(till=till)
    if wrong.count() >= WRONG_AT_A_TILL:
        raise TooManyAtTill


@transaction.atomic(durable=True)
def _accept(attempt: PinTry, digits: str) -> None:
    """It was right: nothing is counted against the holder any more, and an old pepper is replaced.

    A PIN that was changed while this try was judged stays as it was changed.
    """
    pin = Pin.objects.locked().filter(pk=attempt.pin_id, secret=attempt.pin.secret).first()
    if pin is None:
        raise PinChanged
    PinTry.objects.filter(pk=attempt.pk).update(is_right=True)
    pin.wrong, pin.locks, pin.locked_until, pin.shut_at = 0, 0, None, None
    if not pins.is_current(pin.pepper):
        pin.secret, pin.pepper = pins.hashed(digits, pin.card_id)
    pin.save(update_fields=["wrong", "locks", "locked_until", "shut_at", "secret", "pepper"])


@transaction.atomic
def _tell_of_wrong(attempt: PinTry, moment: datetime) -> None:
    pin, merchant_id = attempt.pin, attempt.merchant_id
    if pin.is_locked(moment):
        publish(
            PinLocked(
                card_id=pin.card_id,
                merchant_id=merchant_id,
                is_shut=pin.shut_at is not None,
                at=moment.isoformat(),
            )
        )
    wrong = PinTry.objects.wrong_since(moment - TILL_WINDOW).filter(till=attempt.till_id)
    if attempt.till_id and wrong.count() == WRONG_AT_A_TILL:
        publish(PinsGuessedAtTill(merchant_id=merchant_id, by_id=attempt.till_id, at=moment.isoformat()))


def _held_by(card: Card, by: User) -> None:
    if card.customer.user_id != by.pk:
        raise NotYourCard
    if card.state == CardState.CLOSED:
        raise NotYourCard(_("This card is closed for good."))


def _index_of(card: Card, digits: str) -> bytes:
    return blind_index(f"pin code/{card.pk}/{digits}")


def _judge_code(card: Card, typed: str, moment: datetime) -> PinCode:
    """The code that was sent, if this is it. Each sending bears five tries, counted before judged."""
    sent = PinCode.objects.filter(card=card, sent_at__gt=moment - CODE_LIVES).first()
    if sent is None or not take(CODE_TRIES, sent.round):
        raise WrongCode
    try:
        digits = pins.read_pin(typed)
    except pins.NotSixDigits:
        raise WrongCode from None
    if not is_index_of(sent.index, f"pin code/{card.pk}/{digits}"):
        raise WrongCode
    return sent

"""Six digits: which are too easy to guess, and how they are kept.

A PIN has a million values, so any slow hash alone falls within days to whoever holds a copy of the database.
It is therefore first mixed (HMAC-SHA256, RFC 2104) with a pepper from the settings, then hashed with argon2id
(RFC 9106) at what OWASP's cheat sheet on storing passwords gives as the least: 19 MiB, two passes.
"""

import base64
import hashlib
import hmac
import re
import unicodedata
from functools import lru_cache

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from portal.kernel.refused import Refused

LENGTH = 6
TURNING = "01234567890123456789"
#: What people choose most beyond what the rules refuse: shapes on the keypad, digits that sound like words.
FAVOURITES = frozenset(
    (
        *("159753", "147258", "258369", "147369", "520131", "131420", "131452", "521314", "201314", "741852"),
        *("666888", "888666", "112233", "223344", "123654", "123789", "147852", "159357", "987456", "111222"),
    )
)


class NotSixDigits(Refused):
    sentence = _("A PIN has exactly 6 digits.")


class WeakPin(Refused):
    sentence = _("Too many people choose this PIN. Take digits without a pattern.")


class RepeatingPin(WeakPin):
    sentence = _("Digits that repeat are guessed first. Take six without a pattern.")


class RowOfDigits(WeakPin):
    sentence = _("Digits in a row are guessed first. Take six without a pattern.")


class PinFromPhone(WeakPin):
    sentence = _("These digits stand in your phone number or on the card. Take others.")


class PinIsDate(WeakPin):
    sentence = _("This looks like a birthday, which others may know. Take other digits.")


class PepperGone(Refused):
    """The pepper it was mixed with is no longer in the settings: nobody can judge it any more."""

    sentence = _("This PIN can no longer be checked. Set a new one.")


class PinHasher(Argon2PasswordHasher):
    """Argon2id as Django calls it, at OWASP's least memory: a till may judge several PINs at once."""

    time_cost, memory_cost, parallelism = 2, 19 * 1024, 1


def read_pin(typed: str) -> str:
    """The digits however they were typed: full-width ones, spaces between. Raises NotSixDigits."""
    digits = unicodedata.normalize("NFKC", typed).replace(" ", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) == LENGTH):
        raise NotSixDigits
    return digits


def refuse_weak(digits: str, *known: str | None) -> None:
    """Raises WeakPin. ``known`` are numbers that others can read: the phone, the card."""
    if len(set(digits)) < 3 or digits[:3] == digits[3:] or digits[:2] == digits[2:4] == digits[4:]:
        raise RepeatingPin
    if digits in TURNING or digits[::-1] in TURNING:
        raise RowOfDigits
    if any(digits in re.sub(r"\D", "", number) for number in known if number):
        raise PinFromPhone
    if _is_date(digits):
        raise PinIsDate
    if digits in FAVOURITES:
        raise WeakPin


def _is_date(digits: str) -> bool:
    """990715 and 199907: the ways in which birthdays are written in six digits."""
    month_and_day = 1 <= int(digits[2:4]) <= 12 and 1 <= int(digits[4:]) <= 31
    year_and_month = 1940 <= int(digits[:4]) <= 2039 and 1 <= int(digits[4:]) <= 12
    return month_and_day or year_and_month


@lru_cache(maxsize=4)
def _named(key: str) -> tuple[str, bytes]:
    raw = base64.b64decode(key)
    if len(raw) < 32:
        raise ImproperlyConfigured("PIN_PEPPER takes the base64 of at least 32 bytes")
    return hashlib.sha256(b"name of " + raw).hexdigest()[:8], raw


def peppers() -> dict[str, bytes]:
    """By name, the one that is mixed in now first; the former one while PINs move over to it."""
    keys = [settings.PIN_PEPPER, settings.PIN_PEPPER_PREVIOUS]
    return dict(_named(key) for number, key in enumerate(keys) if key or number == 0)


def _mixed(digits: str, card_id: int, pepper: bytes) -> str:
    """Bound to the card: a hash copied to another card's row fits nothing."""
    return hmac.new(pepper, f"pin/{card_id}/{digits}".encode(), hashlib.sha256).hexdigest()


def hashed(digits: str, card_id: int) -> tuple[str, str]:
    """What is kept of a PIN, and the name of the pepper in it."""
    name, pepper = next(iter(peppers().items()))
    hasher = PinHasher()
    return hasher.encode(_mixed(digits, card_id, pepper), hasher.salt()), name


def fits(digits: str, card_id: int, *, secret: str, pepper: str) -> bool:
    """Whether these are the digits. Takes some tens of milliseconds. Raises PepperGone."""
    if pepper not in peppers():
        raise PepperGone
    return PinHasher().verify(_mixed(digits, card_id, peppers()[pepper]), secret)


def is_current(pepper: str) -> bool:
    return pepper == next(iter(peppers()))

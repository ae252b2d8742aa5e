"""What one cell says: a phone, a number of points, a sum of money, a day. Or why it says nothing usable."""

import re
import unicodedata
from datetime import date, datetime, timedelta
from typing import Any

import phonenumbers
from django.utils.translation import gettext_lazy as _

from loyalty.importing.files import Cell
from portal.kernel.forms import clean_text
from portal.kernel.money import LARGEST, parse_money

MOST_POINTS = 100_000_000
EXCEL_EPOCH = date(1899, 12, 30)
SHORTENED = re.compile(r"^\d(\.\d+)?e\+?\d+$", re.I)
DAY = re.compile(r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T].*)?$")
COMPACT = re.compile(r"^(19|20)(\d{2})(\d{2})(\d{2})$")
REGIONS = ("CN", "TW", "HK", "MO", "SG", "MY", "JP", "KR", "US", "GB", "DE", "FR")

REASONS: dict[str, Any] = {
    "shortened": _("The spreadsheet has shortened the number (%(said)s). Format the column as text."),
    "phone": _("“%(said)s” is no phone number of the chosen country. Write others with + and their code."),
    "points": _("“%(said)s” is no whole number of points, zero or more."),
    "money": _("“%(said)s” is no amount, zero or more, with at most two decimals."),
    "day": _("“%(said)s” is no day. Write it as 2024-05-31."),
    "future": _("“%(said)s” lies in the future."),
    "nobody": _("Neither a phone number nor an old card number."),
    "twice": _("The same phone or card number stands in row %(row)s, too, with other values."),
    "again": _("The same as row %(row)s, word for word."),
    "frozen": _("This member's card is frozen, so nothing is put on it."),
    "closed": _("This member's card is closed."),
    "own": _("Nobody brings points or money to a card of their own."),
    "taken": _("Another member has this old card number already."),
    "no_new": _("The card takes no new members at the moment. Change that under “The member card”."),
    "opened": _("An earlier import gave this card what it held. It is not put on it twice."),
}


class Bad(Exception):
    """The cell can't be used; ``code`` names one of REASONS, ``values`` fill it."""

    def __init__(self, code: str, **values: Any) -> None:
        self.code, self.values = code, values
        super().__init__(code)


def reason_in_words(code: str, values: dict[str, Any]) -> str:
    return str(REASONS[code]) % values


def as_text(cell: Cell, most: int = 60) -> str:
    """A number that Excel holds as 1024.0 is written 1024."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, datetime | date):
        cell = cell.strftime("%Y-%m-%d")
    text = "" if cell is None else clean_text(unicodedata.normalize("NFC", str(cell))).strip()
    return " ".join(text.split())[:most]


def as_phone(cell: Cell, region: str) -> str:
    """E.164, or empty when the cell is."""
    text = unicodedata.normalize("NFKC", as_text(cell)).strip("'` ")
    if not text:
        return ""
    if SHORTENED.match(text):
        text = _unshortened(text)
    if len(text) > 32:
        raise Bad("phone", said=text[:32])
    for candidate in _candidates(text):
        try:
            number = phonenumbers.parse(candidate, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    raise Bad("phone", said=text)


def _candidates(text: str) -> list[str]:
    """As written; and with the plus that was left out before a country code."""
    digits = re.sub(r"\D", "", text)
    known = digits.startswith(("86", "886", "852", "853", "65", "60")) and len(digits) > 10
    return [text, f"+{digits}"] if known else [text]


def _unshortened(text: str) -> str:
    """1.3800138E10 is a whole number written short; a spreadsheet's 1.38001E+10 keeps six digits at most."""
    mantissa, _e, power = text.lower().partition("e")
    digits = mantissa.replace(".", "")
    if len(digits) <= 6 or len(digits) > int(power) + 1:
        raise Bad("shortened", said=text)
    return digits.ljust(int(power) + 1, "0")[:20]


def as_points(cell: Cell) -> int:
    text = unicodedata.normalize("NFKC", as_text(cell)).replace(",", "").removesuffix("分").strip()
    if not text:
        return 0
    try:
        number = float(text)
    except ValueError:
        raise Bad("points", said=text) from None
    if not 0 <= number <= MOST_POINTS or not number.is_integer():
        raise Bad("points", said=text)
    return int(number)


def as_money(cell: Cell) -> int:
    """In minor units."""
    if isinstance(cell, float):
        cell = f"{cell:.4f}".rstrip("0").rstrip(".")
    text = as_text(cell).removesuffix("元").strip()
    if not text:
        return 0
    try:
        amount = parse_money(text)
    except ValueError:
        raise Bad("money", said=text) from None
    if amount > LARGEST:
        raise Bad("money", said=text)
    return amount


def as_day(cell: Cell, *, today: date) -> date | None:
    if isinstance(cell, datetime):
        found: date | None = cell.date()
    elif isinstance(cell, date):
        found = cell
    else:
        found = _day_in_words(as_text(cell))
    if found and found > today:
        raise Bad("future", said=found.isoformat())
    if found and found.year < 1900:
        raise Bad("day", said=found.isoformat())
    return found


def _day_in_words(text: str) -> date | None:
    """2024-05-31, 2024/5/31, 2024年5月31日, 20240531, or the number by which Excel counts days."""
    if not text:
        return None
    try:
        if parts := DAY.match(text):
            return date(*map(int, parts.groups()))
        if parts := COMPACT.match(text):
            century, year, month, day = parts.groups()
            return date(int(century + year), int(month), int(day))
        if text.isascii() and text.isdigit() and 10_000 <= int(text) < 60_000:
            return EXCEL_EPOCH + timedelta(days=int(text))
    except ValueError:
        raise Bad("day", said=text) from None
    raise Bad("day", said=text)

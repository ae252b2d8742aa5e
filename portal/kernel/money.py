"""Money in integers of the currency's minor unit (fen, cents); shown and read in its major unit."""

import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

LARGEST = 10**11  # a thousand million yuan: more is a slip of the finger


def _unit() -> int:
    return int(10**settings.CURRENCY_EXPONENT)


def format_money(minor: int, *, signed: bool = False, exact: bool = False) -> str:
    """``3800`` → ``¥38`` (``exact``: ``¥38.00``); a real minus sign; ``signed`` marks gains too."""
    sign = "−" if minor < 0 else "+" if signed and minor > 0 else ""
    whole, part = divmod(abs(minor), _unit())
    digits = f"{whole:,}"
    if settings.CURRENCY_EXPONENT and (part or exact):
        digits += f".{part:0{settings.CURRENCY_EXPONENT}d}"
    return f"{sign}{settings.CURRENCY_SYMBOL}{digits}"


def plain_money(minor: int) -> str:
    """``120000`` → ``1200``: as it is typed into a field."""
    return format_money(minor).removeprefix(settings.CURRENCY_SYMBOL).replace(",", "")


def parse_money(text: str) -> int:
    """``38``, ``38.5``, ``３８`` or ``¥1,200`` → minor units. ValueError for anything else, never rounds."""
    plain = (
        unicodedata.normalize("NFKC", text).strip().removeprefix(settings.CURRENCY_SYMBOL).removeprefix("¥")
    )
    plain = plain.strip().replace(",", "")
    if not plain or not all(char in "0123456789." for char in plain) or not plain.isascii():
        raise ValueError(text)
    try:
        amount = Decimal(plain) * _unit()
    except InvalidOperation:
        raise ValueError(text) from None
    if amount != int(amount) or amount > LARGEST:
        raise ValueError(text)
    return int(amount)


def split(total: int, weights: list[int]) -> list[int]:
    """Share ``total`` in proportion to ``weights`` so that the parts sum to it exactly.

    Each part is rounded down and what is left goes, one unit each, to the largest remainders
    (Hamilton's method); ties to the earlier. Negative totals mirror positive ones.
    """
    if total < 0:
        return [-part for part in split(-total, weights)]
    whole = sum(weights)
    if whole <= 0:
        raise ValueError("weights must sum to more than zero")
    parts = [total * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for i in order[: total - sum(parts)]:
        parts[i] += 1
    return parts


class MoneyField(forms.CharField):
    """An amount as people type it; cleans to minor units."""

    default_error_messages = {"money": _("Enter an amount such as 38 or 38.50")}

    def __init__(self, *, least: int = 0, most: int = LARGEST, **kwargs: Any) -> None:
        self.least, self.most = least, most
        super().__init__(max_length=20, **kwargs)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            amount = parse_money(text)
        except ValueError:
            raise forms.ValidationError(self.error_messages["money"], code="money") from None
        if not self.least <= amount <= self.most:
            raise forms.ValidationError(
                _("Enter an amount between %(least)s and %(most)s"),
                code="range",
                params={
                    "least": format_money(self.least),
                    "most": format_money(self.most),
                },
            )
        return amount

    def prepare_value(self, value: Any) -> Any:
        return plain_money(value) if isinstance(value, int) else value

"""What text messages cost, before they are sent.

A part holds 160 characters of the GSM alphabet or 70 of any other script; a longer text is joined from
parts of 153 or 67 (3GPP TS 23.040, 9.2.3.24.1). Providers charge by the part.
"""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils import translation

from messaging.channels.sms import signed
from messaging.kinds import Kind, storable

# 3GPP TS 23.038, 6.2.1; those of the extension table take two places.
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€")


def parts_of(text: str) -> int:
    """How many parts a text is charged as."""
    if all(char in _BASIC or char in _EXTENDED for char in text):
        length, whole, joined = sum(2 if char in _EXTENDED else 1 for char in text), 160, 153
    else:
        length, whole, joined = len(text.encode("utf-16-be")) // 2, 70, 67
    return 1 if length <= whole else -(-length // joined)


def cost_of(kind: Kind, readers: Mapping[str, int], **params: Any) -> int:
    """Minor units for so many people per language, each in theirs."""
    total, stored = 0, storable(params)
    for language, people in readers.items():
        with translation.override(language):
            text = signed(kind.written(stored)[1], language, advertising=kind.is_marketing)
        total += people * parts_of(text) * settings.SMS_PRICE
    return total

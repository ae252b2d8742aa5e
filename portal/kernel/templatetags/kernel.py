"""Tags every template may use without loading: money, dates, distances, slots, QR codes."""

from datetime import date, datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString

from portal.kernel import dates, distances, slots
from portal.kernel.codes import code_url, qr_svg
from portal.kernel.money import format_money, plain_money

register = template.Library()


@register.filter
def money(minor: int | None) -> str:
    return "" if minor is None else format_money(int(minor))


@register.filter
def money_exact(minor: int | None) -> str:
    return "" if minor is None else format_money(int(minor), exact=True)


@register.filter
def money_plain(minor: int | None) -> str:
    """As it is typed into a field: no sign, no thousands."""
    return "" if minor is None else plain_money(int(minor))


@register.filter
def money_signed(minor: int | None) -> str:
    return "" if minor is None else format_money(int(minor), exact=True, signed=True)


@register.filter
def when(moment: datetime | None) -> str:
    """``today 14:30``, ``Sun 22 Nov, 14:30``."""
    return "" if moment is None else dates.when(moment)


@register.filter
def date_and_time(moment: datetime | None) -> str:
    """``Sun 22 Nov, 14:30`` even today."""
    return "" if moment is None else dates.date_and_time(moment)


@register.filter
def age(moment: datetime) -> str:
    """How long ago, in one word: ``3 h``."""
    return dates.span(timezone.now() - moment)


@register.filter
def day(value: date | datetime | None) -> str:
    """``Sun 22 Nov``."""
    return "" if value is None else dates.day(value)


register.filter("distance", distances.distance)
register.filter("walk", distances.walk)


@register.simple_tag(takes_context=True)
def slot(context: Any, name: str, **inputs: Any) -> SafeString:
    return slots.fill(name, context["request"], **inputs)


@register.simple_tag
def qr(token: str, print_quality: bool = False) -> SafeString:
    return qr_svg(code_url(token), print_quality=print_quality)

"""Tags every template may use without loading: money, slots, QR codes."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from portal.kernel import slots
from portal.kernel.codes import code_url, qr_svg
from portal.kernel.money import format_money

register = template.Library()


@register.filter
def money(minor: int | None) -> str:
    return "" if minor is None else format_money(int(minor))


@register.filter
def money_exact(minor: int | None) -> str:
    return "" if minor is None else format_money(int(minor), exact=True)


@register.filter
def money_signed(minor: int | None) -> str:
    return "" if minor is None else format_money(int(minor), exact=True, signed=True)


@register.simple_tag(takes_context=True)
def slot(context: Any, name: str, **inputs: Any) -> SafeString:
    return slots.fill(name, context["request"], **inputs)


@register.simple_tag
def qr(token: str, print_quality: bool = False) -> SafeString:
    return qr_svg(code_url(token), print_quality=print_quality)

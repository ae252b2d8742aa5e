"""Words of an offer for templates."""

from django import template
from django.urls import reverse

from coupons import words
from coupons.codes import way_to
from portal.kernel.via import mark_of

register = template.Library()
register.filter("offer_value", words.value)
register.filter("offer_small", words.small)
register.filter("offer_below", words.below)
register.filter("offer_condition", words.condition)
register.filter("offer_sentence", words.sentence)


@register.simple_tag
def offer_link(token: str, way: str) -> str:
    return way_to(token, way)


@register.simple_tag
def offer_mark(token: str, way: str) -> str:
    """What ``offer_link`` puts behind the address."""
    return mark_of(reverse("coupons:offer", args=[token]), way)

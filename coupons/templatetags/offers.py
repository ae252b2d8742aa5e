"""Words of an offer for templates."""

from django import template

from coupons import words

register = template.Library()
register.filter("offer_value", words.value)
register.filter("offer_small", words.small)
register.filter("offer_below", words.below)
register.filter("offer_condition", words.condition)
register.filter("offer_sentence", words.sentence)

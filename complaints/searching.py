"""Finding cases as people quote them: by number, whole phone, name of the shop, or words of the report."""

import re

from django.db.models import Q

from complaints.likeness import grams
from complaints.models import ComplaintQuerySet
from complaints.numbers import normalise_number
from merchants.finding.folding import HAN
from merchants.models import Shop
from portal.kernel.forms import read_phone
from portal.kernel.models import User

MOST = 1000  # nobody reads on: who finds more is told so and says more


def found(cases: ComplaintQuerySet, term: str) -> tuple[ComplaintQuerySet, int]:
    """Those of the cases that the term means; where these are many the last filed ones, and how many that is.

    Phone numbers are sealed, so only a whole one is found.
    """
    if number := normalise_number(term):
        return cases.filter(number=number), 0
    if phone := read_phone(term):
        return cases.filter(person__in=User.objects.with_phone(phone)), 0
    shops = Shop.objects.filter(Q(name__icontains=term) | Q(name_en__icontains=term))
    of_shops = cases.filter(shop__in=list(shops.values_list("pk", flat=True)[:MOST]))
    keys = _last(cases.filter(_tells_of(term)), of_shops) or _last(cases.filter(_sounds_like(term)))
    return cases.filter(pk__in=keys[:MOST]), MOST if len(keys) > MOST else 0


def _last(*halves: ComplaintQuerySet) -> list[int]:
    """The keys filed last: a union, each half by its own index. With OR the whole table would be read."""
    first, *others = [half.order_by("-pk").values_list("pk", flat=True)[: MOST + 1] for half in halves]
    return list(first.union(*others).order_by("-pk")[: MOST + 1] if others else first)


def _tells_of(term: str) -> Q:
    """Chinese words by their pairs, which an index finds, one character as it stands; others in any case."""
    if not HAN.search(term):
        return Q(said__iregex=re.escape(term))  # unlike icontains it is what the trigrams' index finds
    pairs = grams(term)
    if pairs and all(len(pair) > 1 for pair in pairs):
        return Q(grams__contains=pairs)
    return Q(said__contains=term)


def _sounds_like(term: str) -> Q:
    """Words that were misspelt, there or here."""
    return Q(said__trigram_word_similar=term)

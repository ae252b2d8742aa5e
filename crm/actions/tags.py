"""Tags: put beside customers singly or many at once, taken off, given up when no segment asks for them."""

from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from crm.models import Segment, Tag, Tagging
from crm.tags import folded
from merchants.models import Customer, Merchant
from messaging.reach import people_of
from portal.kernel.models import User
from portal.kernel.refused import Refused

MOST = 30  # of one merchant: more than anybody can choose from on a phone


class TooManyTags(Refused):
    sentence = _("You have 30 tags. Give one up that you don’t use.")


class NoTag(Refused):
    sentence = _("Write a tag, such as “likes it quiet”.")


class AskedFor(Refused):
    sentence = _("The segment “%(name)s” asks for this tag. Put the segment away first.")


class NobodyToTag(Refused):
    sentence = _("Mark customers first.")


@transaction.atomic
def tag_called(merchant: Merchant, name: str, *, by: User) -> Tag:
    """The one of that name, made if there is none; the same word in other letters is the same."""
    word = " ".join(name.split())[: Tag.LONGEST]
    if not folded(word):
        raise NoTag
    Merchant.objects.select_for_update(no_key=True).get(pk=merchant.pk)  # two copies of one form queue here
    ours = Tag.objects.of(merchant)
    if there := ours.filter(folded=folded(word)).first():
        return there
    if ours.count() >= MOST:
        raise TooManyTags
    return Tag.objects.create(merchant=merchant, name=word, folded=folded(word), by=by)


# The question is put into the statement, as with the members of a list.
_PUT_ON = """
INSERT INTO crm_tagging (merchant_id, tag_id, customer_id, by_id)
SELECT %(merchant)s, %(tag)s, asked.id, %(by)s FROM ({question}) AS asked (id)
ON CONFLICT DO NOTHING
"""


@transaction.atomic
def put_tag(tag: Tag, customers: QuerySet[Customer], *, by: User) -> int:
    """On all of them in one statement; returns how many had it not yet."""
    if not customers.exists():
        raise NobodyToTag
    values: dict[str, Any] = {"merchant": tag.merchant_id, "tag": tag.pk, "by": by.pk}
    with connection.cursor() as cursor:
        cursor.execute(_PUT_ON.format(question=people_of(customers.order_by().values_list("pk"))), values)
        return cursor.rowcount


@transaction.atomic
def take_tag(tag: Tag, customers: QuerySet[Customer], *, by: User) -> int:
    """Returns how many had it."""
    gone = Tagging.objects.filter(tag=tag, customer__in=customers.order_by().values("pk")).delete()
    return gone[1].get("crm.Tagging", 0)


@transaction.atomic
def give_up(tag: Tag, *, by: User) -> None:
    """Off everybody and gone, unless a segment in use asks for it."""
    Merchant.objects.select_for_update(no_key=True).get(pk=tag.merchant_id)
    asks = Segment.objects.in_use().filter(merchant=tag.merchant_id, rules__tags__contains=tag.pk)
    if segment := asks.order_by("name").first():
        raise AskedFor(name=segment.name)
    tag.delete()

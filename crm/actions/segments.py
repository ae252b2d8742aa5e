"""Segments and customer lists: kept with a name, joined and left on dates, put away and brought back."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.models import Membership, Segment
from crm.rules import Rules
from crm.segments import members
from merchants.models import Customer, Merchant
from messaging.reach import people_of
from portal.kernel.codes import new_code
from portal.kernel.models import User
from portal.kernel.refused import KeyReused, Refused

MOST = 50  # segments and lists of one merchant; each is counted every night


class TooMany(Refused):
    sentence = _("You have 50 segments and lists. Put one away that you don’t use.")


class SameName(Refused):
    sentence = _("There is a segment or list of that name. Give this one another.")


class NobodyMarked(Refused):
    sentence = _("Mark customers first.")


@transaction.atomic
def save_segment(
    merchant: Merchant, *, name: str, rules: Rules, by: User, key: UUID, moment: datetime | None = None
) -> Segment:
    """The same key saves once; raises NoRule and Crossed for rules that say nothing or shut everybody out."""
    moment, stored = moment or timezone.now(), rules.checked().stored()
    made = _made(merchant, name=name, rules=stored, is_list=False, by=by, key=key)
    refresh(made, moment=moment)
    return made


@transaction.atomic
def put_on_list(
    merchant: Merchant,
    chosen: QuerySet[Customer],
    *,
    name: str = "",
    kept: Segment | None = None,
    by: User,
    key: UUID,
    moment: datetime | None = None,
) -> Segment:
    """On a list that is there, or on a new one of that name. Who is on it already stays as they are."""
    if not chosen.exists():
        raise NobodyMarked
    kept = kept or _made(merchant, name=name, rules={}, is_list=True, by=by, key=key)
    _join(kept, chosen, moment or timezone.now())
    return kept


@transaction.atomic
def take_off(segment: Segment, customers: Iterable[int], *, by: User, moment: datetime | None = None) -> int:
    """That they were on the list, and until when, is kept; returns how many."""
    on = Membership.objects.filter(segment=segment, segment__is_list=True, until=None)
    return on.filter(customer__in=list(customers)).update(until=moment or timezone.now())


@transaction.atomic
def put_away(segment: Segment, *, by: User, moment: datetime | None = None) -> None:
    """No longer offered as an audience; what was decided with it stays, and it can be brought back."""
    Segment.objects.filter(pk=segment.pk, put_away_at=None).update(put_away_at=moment or timezone.now())


@transaction.atomic
def bring_back(segment: Segment, *, by: User, moment: datetime | None = None) -> Segment:
    Merchant.objects.select_for_update(no_key=True).get(pk=segment.merchant_id)
    mine = Segment.objects.locked().get(pk=segment.pk)
    if mine.put_away_at is None:
        return mine
    _room_for(mine.merchant, mine.name)
    mine.put_away_at = None
    mine.save(update_fields=["put_away_at"])
    refresh(mine, moment=moment or timezone.now())
    return mine


@transaction.atomic
def refresh(segment: Segment, *, moment: datetime) -> None:
    """Write down who has joined and who has left since the last time: two statements, however many."""
    mine = Segment.objects.locked().select_related("merchant").get(pk=segment.pk)
    if mine.is_list or mine.put_away_at:
        return
    _settle(mine, members(mine, moment), Membership.objects.filter(segment=mine, until=None), moment)


def _settle(
    segment: Segment, now: QuerySet[Customer], kept: "QuerySet[Membership]", moment: datetime
) -> None:
    """Of the memberships ``kept``, those end whose customers aren't among ``now``; these join."""
    gone = kept.exclude(customer__in=now.order_by().values("pk"))
    gone.update(until=Greatest(F("since"), Value(moment)))
    _join(segment, now, moment)


@transaction.atomic
def hold_in(segment: Segment, people: Iterable[int], *, moment: datetime) -> set[int]:
    """Who of these persons is in it now, written down with its date.

    Their memberships are held until the transaction ends: whoever takes one of them off waits for it.
    """
    ours = Customer.objects.filter(merchant=segment.merchant_id, merged_away=None, user__in=list(people))
    kept = Membership.objects.filter(segment=segment, until=None, customer__in=ours)
    if not segment.is_list:
        _settle(segment, members(segment, moment).filter(pk__in=ours), kept, moment)
    rows = kept.order_by("pk").select_for_update(of=("self",), no_key=True)
    return {row for row in rows.values_list("customer__user", flat=True) if row}


def refresh_all(moment: datetime) -> int:
    """Every segment in use, each in its own transaction; returns how many."""
    kept = Segment.objects.in_use().filter(is_list=False).order_by("pk")
    for segment in kept.iterator():
        refresh(segment, moment=moment)
    return kept.count()


def _made(
    merchant: Merchant, *, name: str, rules: dict[str, Any], is_list: bool, by: User, key: UUID
) -> Segment:
    Merchant.objects.select_for_update(no_key=True).get(pk=merchant.pk)  # two copies of one form queue here
    if made := Segment.objects.of(merchant).filter(key=key).first():
        if (made.name, made.rules, made.is_list) != (name, rules, is_list):
            raise KeyReused
        return made
    _room_for(merchant, name)
    return Segment.objects.create(
        merchant=merchant, token=new_code(16), name=name, rules=rules, is_list=is_list, by=by, key=key
    )


def _room_for(merchant: Merchant, name: str) -> None:
    kept = Segment.objects.of(merchant).in_use()
    if kept.filter(name=name).exists():
        raise SameName
    if kept.count() >= MOST:
        raise TooMany


# The question is put into the statement: no key of a customer travels to the application and back.
_JOIN = """
INSERT INTO crm_membership (merchant_id, segment_id, customer_id, since)
SELECT %(merchant)s, %(segment)s, asked.id, %(moment)s FROM ({question}) AS asked (id)
ON CONFLICT DO NOTHING
"""


def _join(segment: Segment, customers: QuerySet[Customer], moment: datetime) -> None:
    values: dict[str, Any] = {"merchant": segment.merchant_id, "segment": segment.pk, "moment": moment}
    with connection.cursor() as cursor:
        question = people_of(customers.order_by().values_list("pk"))
        cursor.execute(_JOIN.format(question=question), values)

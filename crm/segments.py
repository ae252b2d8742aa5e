"""Who is in a segment or on a list: as questions, from one definition."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet, Value

from crm.models import Membership, Segment
from crm.rules import matching, read_rules
from merchants.models import Customer, Merchant

LATELY = timedelta(days=30)


@dataclass(frozen=True)
class Size:
    """How many it has; how many of them have an account, so that something can be sent to them."""

    all: int
    reachable: int


@dataclass(frozen=True)
class Moves:
    joined: int
    left: int


def members(segment: Segment, moment: datetime) -> QuerySet[Customer]:
    """One question. A list has whom it was given; a segment has whom its rules fit now."""
    if segment.is_list:
        kept = Membership.objects.filter(segment=segment, until=None)
        return Customer.objects.filter(merchant=segment.merchant_id, merged_away=None).filter(
            pk__in=kept.values("customer")
        )
    return matching(segment.merchant, read_rules(segment.rules), moment)


def segments_of(merchant: Merchant) -> "QuerySet[Any]":
    """Those in use, with ``size``: members as of the last count."""
    kept = Segment.objects.of(merchant).in_use().select_related("merchant").order_by("name", "pk")
    return kept.annotate(size=Count("memberships", filter=Q(memberships__until=None)))


def people_of_segment(segment: Segment, moment: datetime) -> "QuerySet[Any, Any]":
    """Keys of persons, one column: members with an account."""
    return members(segment, moment).filter(user__isnull=False).values_list("user", flat=True)


def size_of(customers: QuerySet[Customer]) -> Size:
    return Size(**customers.order_by().aggregate(all=Count("pk"), reachable=Count("user")))


def moves_of(segment: Segment, moment: datetime) -> Moves:
    """Who came and who went in the last 30 days, by the dates that are kept."""
    begin = moment - LATELY
    counts = Membership.objects.filter(segment=segment).aggregate(
        joined=Count("pk", filter=Q(since__gt=begin)), left=Count("pk", filter=Q(until__gt=begin))
    )
    return Moves(**counts)


def with_person(person: int, keys: Iterable[int], *, moment: datetime) -> set[int]:
    """Which of these segments the person is in: two questions, however many."""
    asked = list(Segment.objects.filter(pk__in=list(keys)).select_related("merchant").order_by("pk"))
    found = [members(one, moment).filter(user=person).order_by().values_list(Value(one.pk)) for one in asked]
    return {key for (key,) in found[0].union(*found[1:], all=True)} if found else set()

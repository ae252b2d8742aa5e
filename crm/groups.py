"""Segments and lists as the audience of coupons."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coupons.groups import Group
from crm.actions import hold_in
from crm.models import Segment
from crm.results.outcomes import few
from crm.segments import people_of_segment, segments_of, with_person
from merchants.models import Merchant
from portal.kernel.refused import Refused


class NotInUse(Refused):
    sentence = gettext_lazy("That segment or list isn’t in use any more. Choose another, or bring it back.")


class ToldByNames(Refused):
    sentence = gettext_lazy(
        "This segment is by distance, and who claims a coupon is shown by name: that would tell where people"
        " live. Send a flash deal to it instead."
    )


class Segments:
    """What ``coupons.groups.Groups`` asks for."""

    def offered(self, merchant: Merchant, *, kept: int | None) -> list[Group]:
        found = segments_of(merchant).filter(~Q(rules__has_key="within_m") | Q(pk=kept))
        return [
            Group(one.pk, one.token, _("%(who)s: %(count)s") % {"who": one.name, "count": few(one.size)})
            for one in found
        ]

    def check(self, merchant: Merchant, key: int) -> None:
        segment = Segment.objects.of(merchant).in_use().filter(pk=key).first()
        if segment is None:
            raise NotInUse
        if "within_m" in segment.rules:
            raise ToldByNames

    def admit(self, key: int, people: Iterable[int], *, moment: datetime) -> set[int]:
        return hold_in(Segment.objects.select_related("merchant").get(pk=key), people, moment=moment)

    def with_person(self, person: int, keys: Collection[int], *, moment: datetime) -> set[int]:
        return with_person(person, keys, moment=moment)

    def people(self, key: int, *, moment: datetime) -> "QuerySet[Any, Any]":
        return people_of_segment(Segment.objects.select_related("merchant").get(pk=key), moment)

"""Segments in the demo town: the first shop's regulars, its new customers, and a list of old friends."""

import uuid
from datetime import datetime

from crm.rules import Rules
from crm.segments import put_on_list, save_segment
from merchants.models import Customer, Merchant, Role, StaffMember


def group(merchant: Merchant, now: datetime) -> None:
    owner = StaffMember.objects.current().filter(merchant=merchant, role=Role.OWNER)[0].user
    rules = {"常客": Rules(visits_from=4), "新客": Rules(visits_from=1, visits_to=1, seen_within=30)}
    for name, one in rules.items():
        save_segment(merchant, name=name, rules=one, by=owner, key=uuid.uuid4(), moment=now)
    friends = Customer.objects.of(merchant).filter(visits__gte=2).order_by("-visits", "pk").values("pk")[:12]
    chosen = Customer.objects.filter(pk__in=list(friends.values_list("pk", flat=True)))
    if chosen:
        put_on_list(merchant, chosen, name="老朋友", by=owner, key=uuid.uuid4(), moment=now)

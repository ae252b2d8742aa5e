"""Segments in the demo town: regulars, new customers, a list of old friends; tags; what they were offered."""

import uuid
from datetime import datetime, timedelta

from coupons import actions as coupons
from coupons.models import Audience as ForWhom
from coupons.models import CouponKind
from crm.actions import HOLD, put_on_list, put_tag, release_due, save_segment, send_letter, tag_called
from crm.letters import Letter
from crm.models import Audience, Segment, Words
from crm.rules import Rules
from merchants.models import Customer, Merchant, Role, StaffMember
from portal.kernel.models import User

TAGS = {"老街坊": 9, "怕吵": 4, "常带孩子来": 3}  # so many of those who come most have it


def group(merchant: Merchant, now: datetime) -> None:
    owner = StaffMember.objects.current().filter(merchant=merchant, role=Role.OWNER)[0].user
    rules = {"常客": Rules(visits_from=4), "新客": Rules(visits_from=1, visits_to=1, seen_within=30)}
    made = {
        name: save_segment(merchant, name=name, rules=one, by=owner, key=uuid.uuid4(), moment=now)
        for name, one in rules.items()
    }
    best = Customer.objects.of(merchant).filter(visits__gte=2).order_by("-visits", "pk")
    keys = list(best.values_list("pk", flat=True)[:12])
    if not keys:
        return
    chosen = Customer.objects.filter(pk__in=keys)
    friends = put_on_list(merchant, chosen, name="老朋友", by=owner, key=uuid.uuid4(), moment=now)
    for name, number in TAGS.items():
        word = tag_called(merchant, name, by=owner)
        put_tag(word, Customer.objects.filter(pk__in=keys[:number]), by=owner)
    _offer(made["常客"], owner, now)
    _write(friends, owner, now - timedelta(days=2))


def _offer(regulars: Segment, owner: User, now: datetime) -> None:
    """A coupon that only regulars can claim."""
    draft = coupons.draft_programme(
        regulars.merchant,
        by=owner,
        key=uuid.uuid4(),
        title="常客回馈",
        kind=CouponKind.AMOUNT,
        amount_off=1500,
        minimum=5000,
        stock=60,
        per_person=1,
        starts_at=now - timedelta(hours=2),
        ends_at=now + timedelta(days=30),
        audience=ForWhom.SEGMENT,
        segment=regulars.pk,
    )
    coupons.publish_programme(draft, by=owner, moment=now - timedelta(hours=1))


def _write(friends: Segment, owner: User, sent: datetime) -> None:
    shop = friends.merchant.shops.listed().order_by("pk").first()
    if shop is None:
        return
    note = "本周日店里盘点，休息一天，周一照常营业。"
    letter = Letter(Words.NEWS, Audience.SEGMENT, shop, note=note, segment=friends)
    send_letter(friends.merchant, letter, by=owner, key=uuid.uuid4(), moment=sent)
    release_due(sent + HOLD)

"""What a new merchant has still to do: the checklist on its Today page, until everything is done."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Subquery
from django.utils.translation import gettext as _

from coupons.models import CouponProgramme, ProgrammeState
from loyalty.models import Programme
from merchants.models import Merchant, Photo, Shop, StaffMember
from orders.models import Purchase


@dataclass(frozen=True)
class Beginning:
    """``items`` as the checklist component takes them: title, href, done, next, minutes."""

    items: list[dict[str, Any]]

    @property
    def done(self) -> int:
        return sum(item["done"] for item in self.items)

    @property
    def total(self) -> int:
        return len(self.items)

    @property
    def is_over(self) -> bool:
        return self.done == self.total


def beginning_of(merchant: Merchant) -> Beginning:
    """One query; the first thing that isn't done yet is the next one."""
    there = _there(merchant)
    shop = f"shops/{there['shop']}/" if there["shop"] else "shops/"
    items = [
        _item(merchant, _("Publish your shop"), shop, there["listed"], 4),
        _item(merchant, _("Add a photo of the shop"), shop, there["photo"], 1),
        _item(merchant, _("Open your member card"), "cards/", there["card"], 1),
        _item(merchant, _("Publish a first coupon"), "coupons/", there["coupon"], 1),
        _item(merchant, _("Ring up a first sale"), "counter/", there["sale"], 1),
        _item(merchant, _("Invite your team"), "settings/team/", there["team"], 1),
    ]
    for item in items:
        if not item["done"]:
            item["next"] = True
            break
    return Beginning(items)


def _item(merchant: Merchant, title: str, path: str, done: bool, minutes: int) -> dict[str, Any]:
    return {"title": title, "href": f"/m/{merchant.slug}/{path}", "done": done, "minutes": minutes}


def _there(merchant: Merchant) -> Any:
    ours = {"merchant": OuterRef("pk")}
    shops = Shop.objects.filter(**ours)
    team = StaffMember.objects.current().filter(**ours).order_by("pk")
    return (
        Merchant.objects.filter(pk=merchant.pk)
        .values(
            shop=Subquery(shops.order_by("pk").values("slug")[:1]),
            listed=Exists(shops.listed()),
            photo=Exists(Photo.objects.filter(shop__merchant=OuterRef("pk"))),
            card=Exists(Programme.objects.filter(**ours)),
            coupon=Exists(CouponProgramme.objects.filter(**ours).exclude(state=ProgrammeState.DRAFT)),
            sale=Exists(Purchase.objects.filter(**ours)),
            team=Exists(team[1:2]),
        )
        .get()
    )

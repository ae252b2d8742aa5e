"""Makers of people, merchants and shops for every test, built on the verbs; and the fixed cast."""

import itertools
import uuid
from typing import Any

from django.test import Client
from django.utils import timezone

from merchants import actions
from merchants.models import Category, Customer, Merchant, Role, Shop, StaffMember
from portal.kernel.models import User

_numbers = itertools.count(1)


def some_phone() -> str:
    """A valid Chinese mobile number that no other call returned."""
    return f"+86138{next(_numbers):08d}"


def make_user(
    phone: str | None = None,
    *,
    name: str = "",
    email: str | None = None,
    verified: bool = True,
    **fields: Any,
) -> User:
    """A person who has proven their phone (``verified``); with only an e-mail when that is given."""
    phone = phone or (None if email else some_phone())
    proven = timezone.now() if verified and phone else None
    return User.objects.create_user(phone=phone, email=email, name=name, phone_verified_at=proven, **fields)


def make_category(slug: str = "hair", **fields: Any) -> Category:
    """The category of that slug, made as a leaf that can be booked and sold when it isn't there yet."""
    words = {"name_zh": "理发", "name_en": "Hair"} if slug == "hair" else {"name_zh": slug, "name_en": slug}
    values = words | {"is_bookable": not fields.get("is_discovery_only"), "is_sellable": True} | fields
    if fields.get("is_discovery_only"):
        values["is_sellable"] = False
    return Category.objects.get_or_create(slug=slug, defaults=values)[0]


def make_merchant(owner: User | None = None, *, name: str = "青禾理发", name_en: str = "") -> Merchant:
    return actions.open_merchant(owner or make_user(), name=name, name_en=name_en)


def owner_of(merchant: Merchant) -> User:
    return merchant.staff.current().filter(role=Role.OWNER).order_by("pk")[0].user


def make_shop(
    merchant: Merchant | None = None,
    *,
    name: str = "青禾理发 人民路店",
    name_en: str = "",
    category: Category | None = None,
    lat: float = 31.2304,
    lon: float = 121.4737,
    hours: str = "Mo-Su 10:00-21:00",
    price: int = 3800,
    published: bool = True,
) -> Shop:
    """A shop as the wizard leaves it: with a place, hours, one service at ``price``, published."""
    merchant = merchant or make_merchant()
    owner, category = owner_of(merchant), category or make_category()
    shop = actions.open_shop(
        owner, name=name, name_en=name_en, category=category, key=uuid.uuid4(), merchant=merchant
    )
    actions.place_shop(shop, lat=lat, lon=lon, address="人民路 1 号")
    actions.set_hours(shop, hours)
    if not category.is_discovery_only:
        actions.set_services(shop, [actions.ServiceLine(name="剪发", name_en="Haircut", price=price)])
    if published:
        actions.publish_shop(shop, by=owner)
    return Shop.objects.select_related("merchant", "category").get(pk=shop.pk)


def make_listing(**fields: Any) -> Shop:
    """A place from open data that belongs to nobody yet."""
    shop = make_shop(**fields)
    Shop.objects.filter(pk=shop.pk).update(
        merchant=None, source="osm", source_id=f"node/{shop.pk}", source_licence="ODbL"
    )
    return Shop.objects.select_related("merchant", "category").get(pk=shop.pk)


def make_staff(merchant: Merchant, role: Role = Role.CASHIER, user: User | None = None) -> StaffMember:
    """Somebody who was invited by the owner and has accepted."""
    user = user or make_user()
    offer = actions.invite_staff(merchant, role=role, by=owner_of(merchant), phone=user.phone)
    return actions.accept_invitation(offer.token, user=user)


def make_customer(
    merchant: Merchant, user: User | None = None, *, phone: str | None = None, name: str = ""
) -> Customer:
    """Somebody on the merchant's roster: a person with an account, or only a phone number."""
    phone = phone or (None if user else some_phone())
    return actions.find_or_enrol_customer(merchant, user=user, phone=phone, name=name)


def client_of(user: User | None = None, *, language: str = "zh-hans") -> Client:
    """A browser, signed in as the person when one is given."""
    client = Client(headers={"accept-language": language})
    if user:
        client.force_login(user, backend="portal.home.accounts.backends.PortalBackend")
    return client

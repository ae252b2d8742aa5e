"""The price list of a shop."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from merchants.finding import search
from merchants.models import Photo, Service, Shop
from merchants.steps import Step
from portal.kernel.refused import Refused

MOST_SERVICES = 200


class NothingIsSoldHere(Refused):
    sentence = _("“%(category)s” is a public place: it is only listed, nothing is sold or booked there.")


class NoPrice(Refused):
    sentence = _("Give at least one service a name and a price.")


class TooManyServices(Refused):
    sentence = _("A price list holds %(most)d services. Remove some that nobody asks for.")


class ForeignPhoto(Refused):
    sentence = _("Choose a photo of this shop.")


class NameTaken(Refused):
    sentence = _("“%(name)s” is on the list twice. Give each service a name of its own.")


@dataclass(frozen=True)
class ServiceLine:
    """One line as filled in; ``id`` for a service that is already on the list. Price in minor units."""

    name: str
    price: int
    name_en: str = ""
    minutes: int | None = None
    id: int | None = None


def _locked(shop: Shop) -> Shop:
    shop = Shop.objects.locked().select_related("category").get(pk=shop.pk)
    if shop.category.is_discovery_only:
        raise NothingIsSoldHere(category=shop.category.name)
    return shop


@transaction.atomic
def set_services(shop: Shop, lines: Sequence[ServiceLine]) -> Shop:
    """The whole list at once, in its order. What isn't on it any more is taken off, never deleted:
    old purchases still name it. Sending the same list twice changes nothing."""
    shop = _locked(shop)
    if not lines:
        raise NoPrice
    if len(lines) > MOST_SERVICES:
        raise TooManyServices(most=MOST_SERVICES)
    offered = {service.pk: service for service in shop.services.offered()}
    by_name = {service.name: service for service in offered.values()}
    if len({line.name for line in lines}) < len(lines):
        names = [line.name for line in lines]
        raise NameTaken(name=next(name for name in names if names.count(name) > 1))
    # By name first: then a renamed line can never collide with another that keeps its name.
    named = {line.name for line in lines if line.name in by_name}
    keep = [(by_name.get(line.name) or _renamed(offered, named, line), line) for line in lines]
    _write(shop, offered, keep)
    return note_prices(shop)


def _renamed(offered: dict[int, Service], named: set[str], line: ServiceLine) -> Service | None:
    service = offered.get(line.id or 0)
    return service if service and service.name not in named else None


def _write(shop: Shop, offered: dict[int, Service], keep: list[tuple[Service | None, ServiceLine]]) -> None:
    kept = {service.pk for service, _line in keep if service}
    gone = [pk for pk in offered if pk not in kept]
    Service.objects.filter(pk__in=gone).update(removed_at=timezone.now())
    changed, new = [], []
    for position, (service, line) in enumerate(keep):
        values = {"name": line.name, "name_en": line.name_en, "price": line.price, "minutes": line.minutes}
        if service is None:
            new.append(Service(shop=shop, position=position, **values))
            continue
        for field, value in (values | {"position": position}).items():
            setattr(service, field, value)
        changed.append(service)
    Service.objects.bulk_update(changed, ["name", "name_en", "price", "minutes", "position"])
    Service.objects.bulk_create(new)


@transaction.atomic
def add_service(
    shop: Shop, *, name: str, price: int, name_en: str = "", minutes: int | None = None
) -> Service:
    """One more line at the end of the list; the same name again changes that line."""
    shop = _locked(shop)
    if shop.services.offered().count() >= MOST_SERVICES:
        raise TooManyServices(most=MOST_SERVICES)
    service, _created = Service.objects.update_or_create(
        shop=shop,
        name=name,
        removed_at=None,
        defaults={"price": price, "name_en": name_en, "minutes": minutes},
        create_defaults={
            "price": price,
            "name_en": name_en,
            "minutes": minutes,
            "position": shop.services.count(),
        },
    )
    note_prices(shop)
    return service


@transaction.atomic
def describe_service(
    service: Service, *, description: str, description_en: str = "", photo: Photo | None = None
) -> Service:
    """What is included, in both languages, with a picture out of the shop's own album."""
    shop = _locked(service.shop)
    if photo is not None and photo.shop_id != shop.pk:
        raise ForeignPhoto
    service.description, service.description_en, service.photo = description, description_en, photo
    service.save(update_fields=["description", "description_en", "photo"])
    return service


@transaction.atomic
def offer_at(service: Service, shops: Sequence[Shop]) -> None:
    """Which other outlets of the merchant offer it, under the same name: missing ones get it at this
    price, ones that were left out stop offering it. Their own price stays where they have one."""
    others = Shop.objects.filter(merchant=service.shop.merchant_id).exclude(pk=service.shop_id)
    wanted = {shop.pk for shop in shops}
    copied = ("name_en", "price", "minutes", "description", "description_en")
    for other in others.locked():
        shop = _locked(other)
        there = shop.services.offered().filter(name=service.name).first()
        if shop.pk in wanted and there is None:
            if shop.services.offered().count() >= MOST_SERVICES:
                raise TooManyServices(most=MOST_SERVICES)
            values = {name: getattr(service, name) for name in copied}
            Service.objects.create(shop=shop, name=service.name, position=shop.services.count(), **values)
        elif shop.pk not in wanted and there is not None:
            Service.objects.filter(pk=there.pk).update(removed_at=timezone.now())
        else:
            continue
        note_prices(shop)


@transaction.atomic
def remove_service(service: Service) -> None:
    shop = _locked(service.shop)
    shop.services.filter(pk=service.pk, removed_at=None).update(removed_at=timezone.now())
    note_prices(shop)


def note_prices(shop: Shop) -> Shop:
    """Keep the cheapest priced service beside the name, so that lists need no second query."""
    cheapest = shop.services.filter(removed_at=None).order_by("price", "position", "pk").first()
    shop.from_price = cheapest.price if cheapest else None
    shop.headline = cheapest.name if cheapest else ""
    shop.headline_en = cheapest.name_en if cheapest else ""
    shop.reached = max(shop.reached, Step.SERVICES) if cheapest else shop.reached
    shop.save(update_fields=["from_price", "headline", "headline_en", "reached"])
    search.refresh(shop)
    return shop

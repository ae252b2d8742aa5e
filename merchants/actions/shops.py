"""Changing what a shop says of itself: name, place, hours, cover."""

import math
from datetime import datetime
from itertools import groupby

from django.db import connection, transaction
from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from opening_hours import OpeningHours

from merchants.actions import provenance
from merchants.actions.provenance import OWNER, Hand, values_of
from merchants.datum import Datum, GivenBy, to_wgs84
from merchants.finding import search
from merchants.models import Category, Fact, Shop
from merchants.opening import hours as opening_hours
from merchants.opening.special import read
from merchants.steps import Step
from portal.kernel.db import point
from portal.kernel.refused import Refused

FARTHEST_LATITUDE = 85  # the edge of web maps; no street corner lies beyond


class PinOffTheMap(Refused):
    sentence = _("The pin is not in a place with streets (%(lat)s, %(lon)s). Move it to the shop's door.")


class SellsThings(Refused):
    sentence = _("“%(category)s” is for public places that sell nothing here. Remove the price list first.")


def _locked(shop: Shop) -> Shop:
    return Shop.objects.locked().select_related("category", "merchant").get(pk=shop.pk)


@transaction.atomic
def describe_shop(
    shop: Shop,
    *,
    name: str,
    category: Category,
    name_en: str = "",
    about: str | None = None,
    phone: str | None = None,
    hand: Hand = OWNER,
) -> Shop:
    """Name, category and, where given, the words and the phone on the storefront."""
    shop = _locked(shop)
    before = values_of(shop, (Fact.NAME, Fact.CATEGORY, *([] if phone is None else [Fact.PHONE])))
    if category.is_discovery_only and shop.services.filter(removed_at=None).exists():
        raise SellsThings(category=category.name)
    shop.name, shop.name_en, shop.category = name, name_en, category
    shop.about = shop.about if about is None else about
    shop.phone = shop.phone if phone is None else phone
    shop.save(update_fields=["name", "name_en", "category", "about", "phone"])
    provenance.note(shop, before, hand)
    search.refresh(shop)
    return shop


@transaction.atomic
def place_shop(
    shop: Shop,
    *,
    lat: float,
    lon: float,
    address: str = "",
    accuracy_m: int | None = None,
    datum: Datum = Datum.WGS84,
    given_by: GivenBy = GivenBy.TYPED,
    hand: Hand = OWNER,
) -> Shop:
    """Put the pin, given in degrees of ``datum``. The zone of its clock follows from the place.

    The canonical point is WGS-84; what was given stays beside it as it came, with its datum, its
    accuracy in metres and the way it came.
    """
    place = to_wgs84(lat, lon, Datum(datum)) if math.isfinite(lat) and math.isfinite(lon) else (lat, lon)
    check_pin(*place)
    shop = _locked(shop)
    before = values_of(shop, (Fact.LOCATION, Fact.ADDRESS))
    if not _is_the_same(shop, place) or given_by != GivenBy.TYPED:  # else somebody only saved the address
        shop.given_lat, shop.given_lon, shop.given_datum, shop.given_by = lat, lon, datum, given_by
        shop.accuracy_m = accuracy_m
        shop.location = point(*place)
    shop.address = address
    shop.time_zone = zone_at(*place) or shop.time_zone
    shop.reached = max(shop.reached, Step.LOCATION)
    note_opening(shop, timezone.now())
    shop.save(update_fields=["location", "address", *GIVEN, "time_zone", "reached", *OPENING_FIELDS])
    provenance.note(shop, before, hand)
    return shop


def _is_the_same(shop: Shop, place: tuple[float, float]) -> bool:
    """To six decimals, a hand's breadth, as the form shows it."""
    if shop.location is None:
        return False
    return (round(place[0], 6), round(place[1], 6)) == (round(shop.location.y, 6), round(shop.location.x, 6))


def check_pin(lat: float, lon: float) -> None:
    """Raises PinOffTheMap, also for what a form sends that never got a position."""
    finite = math.isfinite(lat) and math.isfinite(lon)
    nowhere = abs(lat) < 0.01 and abs(lon) < 0.01
    if not finite or nowhere or abs(lat) > FARTHEST_LATITUDE or abs(lon) > 180:
        raise PinOffTheMap(lat=f"{lat:g}", lon=f"{lon:g}")


def zone_at(lat: float, lon: float) -> str:
    """The IANA time zone of a place, from the borders that come with opening-hours-py; "" at sea."""
    start = next(OpeningHours("24/7", coords=(lat, lon), auto_timezone=True).intervals())[0]
    return getattr(start.tzinfo, "key", "")


GIVEN = ("given_lat", "given_lon", "given_datum", "given_by", "accuracy_m")
OPENING_FIELDS = ("opens_at", "closes_at", "next_change_at")


def note_opening(shop: Shop, moment: datetime) -> None:
    shop.opens_at, shop.closes_at, shop.next_change_at = opening_hours.opening(
        shop.hours, shop.time_zone, moment, shop.special
    )


@transaction.atomic
def set_hours(shop: Shop, text: str, *, hand: Hand = OWNER) -> Shop:
    """Opening hours in OpenStreetMap's syntax. Raises HoursNotUnderstood for anything else."""
    plain = opening_hours.understood(text)
    shop = _locked(shop)
    before = values_of(shop, (Fact.HOURS,))
    shop.hours = plain
    shop.reached = max(shop.reached, Step.HOURS)
    note_opening(shop, timezone.now())
    shop.save(update_fields=["hours", "reached", *OPENING_FIELDS])
    provenance.note(shop, before, hand)
    return shop


@transaction.atomic
def keep_cover(shop: Shop) -> Shop:
    """The drawn cover of the category will do; the wizard goes on."""
    shop = _locked(shop)
    shop.reached = max(shop.reached, Step.PHOTO)
    shop.save(update_fields=["reached"])
    return shop


TURN = """
UPDATE merchants_shop SET opens_at = due.opens_at, closes_at = due.closes_at, next_change_at = due.change_at
FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[])
  AS due(id, opens_at, closes_at, change_at)
WHERE merchants_shop.id = due.id
"""


@transaction.atomic
def turn_hours(moment: datetime, *, limit: int = 2000) -> int:
    """Work out the next opening of shops whose noted one is over; returns how many were due.

    Rows are taken with SKIP LOCKED, so that two workers share the work and a row that its owner is
    changing right now waits for the next sweep. Shops with the same hours and zone are read once.
    """
    due = list(
        Shop.objects.filter(next_change_at__lte=moment)
        .order_by("next_change_at", "pk")
        .select_for_update(of=("self",), no_key=True, skip_locked=True)
        .values_list("hours", "time_zone", Cast("calendar", TextField()), "pk")[:limit]
    )
    rows = []
    due.sort(key=lambda row: (row[0], row[1], row[2] or "", row[3]))
    for (text, zone, calendar), group in groupby(due, key=lambda row: row[:3]):
        turned = opening_hours.opening(text, zone, moment, read(calendar))
        rows += [(row[3], *turned) for row in group]
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(TURN, [list(column) for column in zip(*rows, strict=True)])
    return len(due)

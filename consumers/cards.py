"""A shop as other programs read it: the preview card of a shared link, and schema.org data."""

import json
import re
import unicodedata
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from consumers.pictures import can_draw, facts_of, picture_url
from merchants.models import Photo, Service, Shop
from merchants.opening.week import Span, clock, week_of
from merchants.photos import url_of
from portal.kernel.money import format_money

# What would end the script element or start another one, as escapes that JSON reads back unchanged.
UNSAFE = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}
TYPES = {
    "dining": "FoodEstablishment",
    "restaurant": "Restaurant",
    "fast-food": "FastFoodRestaurant",
    "cafe": "CafeOrCoffeeShop",
    "bakery": "Bakery",
    "bar": "BarOrPub",
    "hair": "HairSalon",
    "nails": "NailSalon",
    "beauty-salon": "BeautySalon",
    "laundry": "DryCleaningOrLaundry",
    "car-wash": "AutoWash",
    "car-repair": "AutoRepair",
    "fuel": "GasStation",
    "gym": "ExerciseGym",
    "hotel": "Hotel",
    "pharmacy": "Pharmacy",
    "dentist": "Dentist",
    "vet": "VeterinaryCare",
    "bank": "BankOrCreditUnion",
    "post-office": "PostOffice",
    "library": "Library",
    "supermarket": "GroceryStore",
    "convenience": "ConvenienceStore",
    "flowers": "Florist",
}
SCHEMA_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SCORED_FROM = 5  # verified visits, as on the page
ONE_PHONE = re.compile(r"[+(\d][\d\s()-]{2,24}")


def share_card(shop: Shop, photos: Sequence[Photo], link: str) -> dict[str, str]:
    """Open Graph: title, one line, picture, address."""
    said = [shop.category.name]
    if shop.from_price is not None:
        said.append(_("from %(price)s") % {"price": format_money(shop.from_price)})
    said += filter(None, [shop.address, shop.about_says[:120]])
    if can_draw():
        picture = picture_url(shop, facts_of(shop, link))
    else:
        picture = f"{settings.SITE_URL}{url_of(photos[0].stem, 768)}" if photos else ""
    return {"title": shop.title, "description": " · ".join(said)[:200], "image": picture, "url": link}


def json_ld(shop: Shop, services: Sequence[Service], photos: Sequence[Photo], link: str) -> SafeString:
    """schema.org, safe to stand in a script element whatever the shop is called."""
    kind = TYPES.get(shop.category.slug, "LocalBusiness" if not shop.category.is_discovery_only else "Place")
    facts: dict[str, Any] = {"@context": "https://schema.org", "@type": kind, "@id": link, "url": link}
    facts |= {"name": shop.title, "description": shop.about_says}
    if shop.address:
        facts["address"] = {"@type": "PostalAddress", "streetAddress": shop.address}
    facts |= opening_facts(shop)
    if shop.rating is not None and shop.rating_count >= SCORED_FROM:
        facts["aggregateRating"] = {
            "@type": "AggregateRating",
            "ratingValue": float(shop.rating),
            "reviewCount": shop.rating_count,
        }
    if shop.location is not None:
        facts["geo"] = {"@type": "GeoCoordinates", "latitude": shop.location.y, "longitude": shop.location.x}
    if phone := first_phone(shop.phone):
        facts["telephone"] = phone
    if photos:
        facts["image"] = [f"{settings.SITE_URL}{url_of(photo.stem, 1280)}" for photo in photos[:3]]
    if services:
        facts["makesOffer"] = [_offer(service) for service in services]
        prices = [service.price for service in services]
        facts["priceRange"] = f"{format_money(min(prices))}–{format_money(max(prices))}"
    plain = {key: value for key, value in facts.items() if value}
    return for_script(plain)


def for_script(plain: dict[str, Any]) -> SafeString:
    """JSON that can stand in a script element."""
    return mark_safe(json.dumps(plain, ensure_ascii=False).translate(UNSAFE))  # noqa: S308 - escaped


def opening_facts(shop: Shop) -> dict[str, Any]:
    """The usual week where a table can say it, and the days that differ. ``closes`` before ``opens`` is the
    next day, as schema.org has it; a closed day opens and closes at midnight."""
    facts: dict[str, Any] = {}
    if week := week_of(shop.hours) if shop.hours else None:
        facts["openingHoursSpecification"] = [
            _span(span) | {"dayOfWeek": f"https://schema.org/{SCHEMA_DAYS[day]}"}
            for day, spans in week.items()
            for span in spans
        ]
    special = [
        _span(span) | {"validFrom": day.isoformat(), "validThrough": day.isoformat()}
        for day, one in shop.special.days.items()
        for span in ([Span(*times) for times in one.at] or [Span(0, 0)])
    ]
    if shop.away_from and shop.back_on:
        last = shop.back_on - timedelta(days=1)
        away = {"validFrom": shop.away_from.isoformat(), "validThrough": last.isoformat()}
        special.append(_span(Span(0, 0)) | away)
    return facts | ({"specialOpeningHoursSpecification": special} if special else {})


def _span(span: Span) -> dict[str, str]:
    closes = "23:59" if clock(span.closes) == "24:00" else clock(span.closes)
    return {"@type": "OpeningHoursSpecification", "opens": clock(span.opens), "closes": closes}


def _offer(service: Service) -> dict[str, Any]:
    price = Decimal(service.price).scaleb(-settings.CURRENCY_EXPONENT)
    return {
        "@type": "Offer",
        "itemOffered": {"@type": "Service", "name": service.title},
        "price": f"{price:f}",
        "priceCurrency": settings.CURRENCY,
    }


def first_phone(text: str) -> str:
    """The first number of a field that may hold several, in digits that every telephone dials."""
    found = ONE_PHONE.search(unicodedata.normalize("NFKC", text))
    return found[0].strip() if found else ""

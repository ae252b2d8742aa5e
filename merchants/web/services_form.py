"""The price list as a form: what is offered, what such shops usually offer, and room for more."""

from django.forms import BaseFormSet, formset_factory

from merchants.actions import ServiceLine
from merchants.actions.services import MOST_SERVICES
from merchants.models import Shop
from merchants.starters import starter_services
from merchants.web.forms import ServiceForm

SPARE = 3

ServicesFormSet = formset_factory(
    ServiceForm, extra=SPARE, max_num=MOST_SERVICES + SPARE, absolute_max=MOST_SERVICES + SPARE
)


def showing(shop: Shop) -> "BaseFormSet[ServiceForm]":
    """What is on the list; before anything is, the category's usual services without prices."""
    rows = [
        {"id": one.pk, "name": one.name, "name_en": one.name_en, "price": one.price, "minutes": one.minutes}
        for one in shop.services.offered()
    ]
    if not rows:
        rows = [
            {"name": one.name, "name_en": one.name_en, "minutes": one.minutes}
            for one in starter_services(shop.category)
        ]
    return ServicesFormSet(initial=rows, prefix="line")


def lines_of(formset: "BaseFormSet[ServiceForm]") -> list[ServiceLine]:
    """The lines with a name and a price; others are not offered."""
    filled = [form.cleaned_data for form in formset if form.cleaned_data and form.is_offered]
    return [
        ServiceLine(
            id=line.get("id"),
            name=line["name"],
            name_en=line.get("name_en") or "",
            price=line["price"],
            minutes=line.get("minutes"),
        )
        for line in filled
    ]

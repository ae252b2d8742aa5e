"""What a merchant fills in to sell visit passes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from loyalty.models import MOST_VISITS
from merchants.models import Merchant, Service
from portal.kernel.forms import KeyedForm
from portal.kernel.money import MoneyField

#: Each a whole pass but for its price, which every shop has its own idea of.
PASSES: dict[str, dict[str, Any]] = {
    "ten": {"label": _("Ten visits"), "name": "十次卡", "name_en": "Ten visits", "visits": 10, "months": 12},
    "five": {"label": _("Five visits"), "name": "五次卡", "name_en": "Five visits", "visits": 5, "months": 6},
    "twenty": {
        "label": _("Twenty visits"),
        "name": "二十次卡",
        "name_en": "Twenty visits",
        "visits": 20,
        "months": 24,
    },
}


def _several(**options: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple, **options)


class PassOfferForm(KeyedForm):
    name = forms.CharField(label=_("What it is called"), max_length=40)
    name_en = forms.CharField(label=_("In English"), max_length=60, required=False)
    visits = forms.IntegerField(label=_("How many visits"), min_value=2, max_value=MOST_VISITS)
    price = MoneyField(label=_("Price of the pass"), least=100)
    months = forms.IntegerField(
        label=_("Good for (months)"),
        min_value=1,
        max_value=120,
        required=False,
        help_text=_("Empty: without an end."),
    )
    services = _several(label=_("Only for these services"))
    shops = _several(label=_("Only at these shops"))
    needs_pin = forms.BooleanField(label=_("The customer agrees to each visit with the PIN"), required=False)

    sold_online = forms.BooleanField(label=_("Also sold online, where payment is offered"), required=False)

    def __init__(self, *args: Any, merchant: Merchant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        listed = Service.objects.offered().filter(shop__merchant=merchant).order_by("name", "pk")
        fields["services"].choices = [(service.pk, service.title) for service in listed]
        shops = [(shop.pk, shop.title) for shop in merchant.shops.filter(closed_at=None).order_by("pk")]
        fields["shops"].choices = shops if len(shops) > 1 else []

    def terms(self) -> dict[str, Any]:
        data = self.cleaned_data
        chosen = {name: [int(key) for key in data[name]] for name in ("services", "shops")}
        return data | chosen

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("price") and data.get("visits") and data["price"] < data["visits"]:
            self.add_error("price", _("Each visit has to cost something."))
        return data


class ChangePassForm(KeyedForm):
    """One switch of a pass on sale."""

    what = forms.ChoiceField(choices=[("is_on", ""), ("sold_online", "")])
    on = forms.BooleanField(required=False)

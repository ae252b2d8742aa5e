"""What a merchant puts on its catalogue of rewards and on its stamp cards."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from loyalty.models import StampBasis
from merchants.models import Service
from portal.kernel.forms import KeyedForm

#: Each a whole reward or stamp card, so that a new merchant only presses the button.
REWARDS: dict[str, dict[str, Any]] = {
    "drink": {
        "label": _("A drink for 200 points"),
        "name": "饮料一杯",
        "name_en": "A drink",
        "cost": 200,
        "stock": 100,
    },
    "service": {
        "label": _("A small service for 500 points"),
        "name": "小项服务一次",
        "name_en": "A small service",
        "cost": 500,
        "stock": 50,
    },
    "bag": {
        "label": _("A bag for 800 points"),
        "name": "帆布袋一个",
        "name_en": "A canvas bag",
        "cost": 800,
        "stock": 30,
    },
}
SCHEMES: dict[str, dict[str, Any]] = {
    "ten": {
        "label": _("Ten visits, one free"),
        "name": "十次送一次",
        "name_en": "Ten visits, one free",
        "needed": 10,
    },
    "five": {
        "label": _("Five visits, one free"),
        "name": "五次送一次",
        "name_en": "Five visits, one free",
        "needed": 5,
    },
    "cups": {
        "label": _("Eight cups, one free"),
        "name": "八杯送一杯",
        "name_en": "Eight cups, one free",
        "needed": 8,
        "basis": StampBasis.ITEM,
    },
}


class RewardForm(KeyedForm):
    name = forms.CharField(label=_("What it is"), max_length=40)
    name_en = forms.CharField(label=_("In English"), max_length=60, required=False)
    cost = forms.IntegerField(label=_("For how many points"), min_value=1, max_value=1_000_000)
    stock = forms.IntegerField(label=_("How many pieces"), min_value=1, max_value=100_000)
    days = forms.IntegerField(label=_("Good for how many days"), min_value=1, max_value=730, initial=90)


class ChangeRewardForm(KeyedForm):
    stock = forms.IntegerField(label=_("How many pieces"), min_value=0, max_value=100_000, required=False)
    is_on = forms.BooleanField(required=False)


class StampSchemeForm(KeyedForm):
    name = forms.CharField(label=_("What it is called"), max_length=40)
    name_en = forms.CharField(label=_("In English"), max_length=60, required=False)
    needed = forms.IntegerField(label=_("How many stamps"), min_value=2, max_value=50)
    gift = forms.CharField(label=_("What is free then"), max_length=40, initial="免费一次")
    gift_en = forms.CharField(
        label=_("What is free, in English"), max_length=60, required=False, initial="One free"
    )
    basis = forms.ChoiceField(
        label=_("A stamp"), choices=StampBasis, widget=forms.RadioSelect, initial=StampBasis.VISIT
    )
    services = forms.ModelMultipleChoiceField(
        label=_("Only for these services"),
        queryset=Service.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    months = forms.IntegerField(
        label=_("Stamps lapse after (months)"),
        min_value=1,
        max_value=60,
        required=False,
        help_text=_("After the last one. Empty: never."),
    )
    days = forms.IntegerField(
        label=_("The free one is good for (days)"), min_value=1, max_value=730, initial=90
    )

    def __init__(self, *args: Any, services: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["services"]
        choice.queryset = services if services is not None else Service.objects.none()

    def terms(self) -> dict[str, Any]:
        return self.cleaned_data | {"services": [service.pk for service in self.cleaned_data["services"]]}


class RedeemForm(KeyedForm):
    reward = forms.IntegerField(widget=forms.HiddenInput)
    approval = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)


class StampForm(KeyedForm):
    scheme = forms.IntegerField(widget=forms.HiddenInput)
    count = forms.IntegerField(min_value=1, max_value=20, initial=1)

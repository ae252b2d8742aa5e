"""What a merchant fills in to make an offer."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coupons.models import CouponKind, CouponProgramme
from portal.kernel.forms import KeyedForm
from portal.kernel.money import MoneyField

LONGEST = timedelta(days=366)


@dataclass(frozen=True)
class Preset:
    """A starting point that most shops only have to publish."""

    slug: str
    icon: str
    title: Any
    says: Any
    values: dict[str, Any]
    days: int


PRESETS = [
    Preset(
        "welcome",
        "gift",
        _("A welcome for new guests"),
        _("¥10 off bills from ¥38, for a month"),
        {"kind": CouponKind.AMOUNT, "amount_off": 1000, "minimum": 3800, "stock": 200},
        30,
    ),
    Preset(
        "quiet",
        "clock",
        _("Fill the quiet hours"),
        _("A fifth off, at most ¥30, for two weeks"),
        {"kind": CouponKind.PERCENT, "percent_off": 20, "most_off": 3000, "minimum": 0, "stock": 100},
        14,
    ),
    Preset(
        "thanks",
        "heart",
        _("A thank-you for regulars"),
        _("¥5 off, no minimum, for a week"),
        {"kind": CouponKind.AMOUNT, "amount_off": 500, "minimum": 0, "stock": 100},
        7,
    ),
]


def preset_called(slug: str) -> Preset | None:
    return next((preset for preset in PRESETS if preset.slug == slug), None)


class OfferForm(KeyedForm):
    """The terms of a coupon programme. Dates are days in the shop's own zone, both included."""

    title = forms.CharField(
        label=_("Title"), max_length=40, help_text=_("What people see first, such as “Welcome”")
    )
    kind = forms.ChoiceField(
        label=_("What it takes off"), choices=CouponKind.choices, widget=forms.RadioSelect
    )
    amount_off = MoneyField(label=_("Amount off"), least=1, required=False)
    percent_off = forms.IntegerField(
        label=_("Percent off"),
        required=False,
        min_value=1,
        max_value=100,
        help_text=_("20 means people pay 80%"),
    )
    most_off = MoneyField(
        label=_("At most"), least=1, required=False, help_text=_("The most that a percentage takes off")
    )
    minimum = MoneyField(label=_("Minimum bill"), required=False, help_text=_("Leave empty for no minimum"))
    stock = forms.IntegerField(label=_("How many coupons"), min_value=1, max_value=1_000_000)
    per_person = forms.IntegerField(label=_("Per person"), min_value=1, max_value=100, initial=1)
    starts_on = forms.DateField(
        label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    ends_on = forms.DateField(
        label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, zone: str, **kwargs: Any) -> None:
        self.zone = ZoneInfo(zone)
        super().__init__(*args, **kwargs)

    @classmethod
    def from_preset(cls, preset: Preset | None, *, zone: str) -> "OfferForm":
        today = timezone.now().astimezone(ZoneInfo(zone)).date()
        initial: dict[str, Any] = {
            "kind": CouponKind.AMOUNT,
            "starts_on": today,
            "ends_on": today + timedelta(days=30),
        }
        if preset:
            initial |= preset.values | {"title": preset.title, "ends_on": today + timedelta(days=preset.days)}
        return cls.fresh(initial=initial, zone=zone)

    @classmethod
    def from_programme(cls, programme: CouponProgramme, *, zone: str) -> "OfferForm":
        names = ("title", "kind", "amount_off", "percent_off", "most_off", "minimum", "stock", "per_person")
        first = programme.starts_at.astimezone(ZoneInfo(zone)).date()
        last = programme.ends_at.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
        initial = {name: getattr(programme, name) for name in names} | {"starts_on": first, "ends_on": last}
        return cls.fresh(initial=initial, zone=zone)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("kind") == CouponKind.AMOUNT:
            data["percent_off"] = data["most_off"] = None
            if data.get("amount_off") is None and "amount_off" not in self.errors:
                self.add_error("amount_off", _("Enter how much the coupon takes off, such as 10"))
        elif data.get("kind") == CouponKind.PERCENT:
            data["amount_off"] = None
            if data.get("percent_off") is None and "percent_off" not in self.errors:
                self.add_error("percent_off", _("Enter how many percent it takes off, from 1 to 100"))
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day lies before the first. Choose a later one"))
        elif first and last and last - first > LONGEST:
            self.add_error("ends_on", _("A coupon can run for a year at most. Choose an earlier last day"))
        return data

    def terms(self) -> dict[str, Any]:
        """Keyword arguments for the verb: amounts in minor units, moments with a zone, end exclusive."""
        data = self.cleaned_data
        names = ("title", "kind", "amount_off", "percent_off", "most_off", "stock", "per_person")
        return {name: data[name] for name in names} | {
            "minimum": data["minimum"] or 0,
            "starts_at": datetime.combine(data["starts_on"], time.min, self.zone),
            "ends_at": datetime.combine(data["ends_on"] + timedelta(days=1), time.min, self.zone),
        }

"""What a merchant fills in to make an offer."""

import unicodedata
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from coupons.drafting import ALL_PARTS, LARGEST, PARTS
from coupons.groups import Group, groups
from coupons.models import MOST_USES, Audience, CouponKind, CouponProgramme
from coupons.presets import Preset
from loyalty.models import Level
from loyalty.web.rule_forms import WEEK
from merchants.models import Merchant, Service
from portal.kernel.forms import KeyedForm
from portal.kernel.money import MoneyField

LONGEST = timedelta(days=366)
MOST_BLACKOUTS = 20
FACE = ("title", "kind", *ALL_PARTS, "uses", "minimum", "stock", "per_person")
MISSING = {
    "amount_off": _("Enter how much the coupon takes off, such as 10"),
    "percent_off": _("Enter how many percent it takes off, from 1 to 100"),
    "price": _("Enter the price with the coupon, such as 29"),
    "item": _("Say what people get, such as “a topping”"),
}
Spans = list[tuple[date, date]]


def _day(**more: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


def _clock(**more: Any) -> forms.TimeField:
    return forms.TimeField(
        required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), **more
    )


def _several(**more: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple, **more)


class DaysField(forms.CharField):
    """Days and spans of days, one on a line: ``2026-12-25`` or ``2027-02-10 – 2027-02-16``."""

    widget = forms.Textarea(attrs={"rows": 3})

    def clean(self, value: Any) -> Any:
        lines = [line.strip() for line in (super().clean(value) or "").splitlines() if line.strip()]
        if len(lines) > MOST_BLACKOUTS:
            raise forms.ValidationError(_("At most 20 lines. Leave out what lies outside the dates."))
        return [self._span(line) for line in lines]

    def _span(self, line: str) -> tuple[date, date]:
        plain = unicodedata.normalize("NFKC", line).replace("–", " ").replace("~", " ").replace("至", " ")
        try:
            days = [parse_date(word) for word in plain.split() if word != "-"]
        except ValueError:
            days = []
        if len(days) not in (1, 2) or None in days:
            raise forms.ValidationError(
                _("Write a day as 2026-12-25, or from 2027-02-10 – 2027-02-16; this isn’t one: %(line)s"),
                params={"line": line[:40]},
            )
        first, last = days[0], days[-1]
        if not first or not last or last < first:
            raise forms.ValidationError(
                _("%(line)s ends before it begins. Turn the two days around."), params={"line": line[:40]}
            )
        return first, last


class OfferForm(KeyedForm):
    """The terms of a coupon programme. Dates are days in the shop's own zone, both included."""

    title = forms.CharField(
        label=_("Title"), max_length=40, help_text=_("What people see first, such as “Welcome”")
    )
    kind = forms.ChoiceField(label=_("What it gives"), choices=CouponKind.choices, widget=forms.RadioSelect)
    amount_off = MoneyField(label=_("Amount off"), least=1, most=LARGEST, required=False)
    percent_off = forms.IntegerField(
        label=_("Percent off"),
        required=False,
        min_value=1,
        max_value=100,
        help_text=_("20 means people pay 80%"),
    )
    most_off = MoneyField(
        label=_("At most"),
        least=1,
        most=LARGEST,
        required=False,
        help_text=_("The most that a percentage takes off"),
    )
    price = MoneyField(label=_("Price with the coupon"), most=LARGEST, required=False)
    item = forms.CharField(
        label=_("What people get"),
        max_length=40,
        required=False,
        help_text=_("Such as “a topping” or “haircut”"),
    )
    services = _several(label=_("Only for these services"))
    minimum = MoneyField(
        label=_("Minimum bill"), most=LARGEST, required=False, help_text=_("Leave empty for no minimum")
    )
    stock = forms.IntegerField(label=_("How many coupons"), min_value=1, max_value=1_000_000)
    per_person = forms.IntegerField(label=_("Per person"), min_value=1, max_value=100, initial=1)
    uses = forms.IntegerField(
        label=_("Uses of each"),
        min_value=1,
        max_value=MOST_USES,
        initial=1,
        required=False,
        help_text=_("More than one makes it a pack"),
    )
    starts_on = _day(label=_("First day"))
    ends_on = _day(label=_("Last day"))
    valid_days = forms.IntegerField(
        label=_("Days valid after the claim"),
        required=False,
        min_value=1,
        max_value=366,
        help_text=_("Empty: until the last day above. 1: only on the day of the claim"),
    )
    weekdays = _several(label=_("Only on these days"), choices=list(enumerate(WEEK)))
    opens = _clock(label=_("From what time"))
    closes = _clock(label=_("Until what time"), help_text=_("May be past midnight"))
    blackouts = DaysField(
        label=_("Not on these days"),
        required=False,
        help_text=_("One on a line: 2026-12-25, or 2027-02-10 – 2027-02-16"),
    )
    shops = _several(label=_("Only at these shops"))
    levels = _several(label=_("Only for members of these levels"), help_text=_("None chosen: for anyone"))
    segment = forms.ChoiceField(
        label=_("Only for this segment or list"),
        required=False,
        help_text=_("Who is in it is judged when somebody claims; people don’t read its name"),
    )
    stacks = forms.BooleanField(
        label=_("Together with the member discount and points"), required=False, initial=True
    )
    is_transferable = forms.ChoiceField(
        label=_("Who may use it"),
        choices=[("", _("Only who claimed it")), ("1", _("It may be passed on"))],
        widget=forms.RadioSelect,
        required=False,
        initial="",
    )

    def __init__(
        self, *args: Any, merchant: Merchant, zone: str, segment: int | None = None, **kwargs: Any
    ) -> None:
        """``segment``: the key of the one that a draft is for already."""
        self.merchant, self.zone = merchant, ZoneInfo(zone)
        self.groups: list[Group] = groups().offered(merchant, kept=segment)
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["services"].choices = _services(merchant)
        shops = [(shop.pk, shop.title) for shop in merchant.shops.filter(closed_at=None).order_by("pk")]
        fields["shops"].choices = shops if len(shops) > 1 else []
        levels = Level.objects.filter(merchant=merchant, is_on=True).order_by("rank")
        fields["levels"].choices = [(level.rank, level.title) for level in levels]
        fields["segment"].choices = [("", _("For anyone")), *((one.token, one.says) for one in self.groups)]

    @classmethod
    def from_preset(cls, preset: Preset | None, *, merchant: Merchant, zone: str) -> "OfferForm":
        today = timezone.now().astimezone(ZoneInfo(zone)).date()
        initial: dict[str, Any] = {
            "kind": CouponKind.AMOUNT,
            "starts_on": today,
            "ends_on": today + timedelta(days=30),
        }
        if preset:
            initial |= preset.values | {"title": preset.title, "ends_on": today + timedelta(days=preset.days)}
        if initial.get("is_transferable"):
            initial["is_transferable"] = "1"
        initial["minimum"] = initial.get("minimum") or None
        return cls.fresh(initial=initial, merchant=merchant, zone=zone)

    @classmethod
    def from_programme(cls, programme: CouponProgramme, *, zone: str) -> "OfferForm":
        terms, place = programme.terms, ZoneInfo(zone)
        spans = terms.blackouts.order_by("starts_on") if terms.has_blackouts else []
        initial = {name: getattr(programme, name) for name in FACE} | {
            "starts_on": programme.starts_at.astimezone(place).date(),
            "ends_on": programme.ends_at.astimezone(place).date() - timedelta(days=1),
            "valid_days": terms.days,
            "opens": terms.opens,
            "closes": terms.closes,
            "weekdays": terms.weekdays,
            "shops": terms.shops,
            "levels": terms.levels,
            "segment": "",
            "stacks": terms.stacks,
            "is_transferable": "1" if terms.is_transferable else "",
            "services": _chosen(programme.merchant, terms.services),
            "blackouts": "\n".join(str(one) for one in spans),
        }
        form = cls.fresh(initial=initial, merchant=programme.merchant, zone=zone, segment=terms.segment)
        form.initial["segment"] = next((one.token for one in form.groups if one.key == terms.segment), "")
        return form

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self._clean_face(data)
        first, last = data.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day lies before the first. Choose a later one"))
        elif first and last and last - first > LONGEST:
            self.add_error("ends_on", _("A coupon can run for a year at most. Choose an earlier last day"))
        opens, closes = data.get("opens"), data.get("closes")
        if (opens is None) != (closes is None) and not {"opens", "closes"} & set(self.errors):
            self.add_error("closes" if closes is None else "opens", _("Hours need a beginning and an end"))
        elif opens is not None and opens == closes:
            self.add_error("closes", _("The same time twice. Leave both empty for the whole day"))
        if data.get("levels") and data.get("segment"):
            self.add_error("segment", _("Choose levels or a segment, not both"))
        return data

    def _clean_face(self, data: dict[str, Any]) -> None:
        """Only what belongs to the kind is kept, and that must be there."""
        kind = data.get("kind")
        if kind is None:
            return
        if kind in (CouponKind.FIXED, CouponKind.VOUCHER) and not data.get("services"):
            self.add_error("services", _("Choose the services that it is for"))
        if kind == CouponKind.FIXED and data.get("services") and not data.get("item"):
            data["item"] = dict(self.fields["services"].choices).get(data["services"][0], "")[:40]  # type: ignore[attr-defined]
        for part in ALL_PARTS:
            if part not in PARTS[kind]:
                data[part] = "" if part == "item" else None
        for part, sentence in MISSING.items():
            if part in PARTS[kind] and data.get(part) in (None, "") and part not in self.errors:
                self.add_error(part, sentence)
        data["uses"] = 1 if kind == CouponKind.VALUE else data.get("uses") or 1

    def terms(self) -> dict[str, Any]:
        """Keyword arguments for the verb: amounts in minor units, moments with a zone, end exclusive."""
        data = self.cleaned_data
        levels = [int(rank) for rank in data["levels"]]
        segment = next((one.key for one in self.groups if one.token == data["segment"]), None)
        chosen = Audience.LEVELS if levels else Audience.SEGMENT if segment else Audience.ANYONE
        return {name: data[name] for name in FACE} | {
            "minimum": data["minimum"] or 0,
            "starts_at": datetime.combine(data["starts_on"], time.min, self.zone),
            "ends_at": datetime.combine(data["ends_on"] + timedelta(days=1), time.min, self.zone),
            "days": data["valid_days"],
            "opens": data["opens"],
            "closes": data["closes"],
            "weekdays": sorted(int(day) for day in data["weekdays"]),
            "shops": [int(key) for key in data["shops"]],
            "services": [int(key) for keys in data["services"] for key in keys.split(",")],
            "levels": levels,
            "segment": segment,
            "audience": chosen,
            "stacks": data["stacks"],
            "is_transferable": bool(data["is_transferable"]),
            "blackouts": data["blackouts"] or [],
        }


def _services(merchant: Merchant) -> list[tuple[str, str]]:
    """Each name once with the keys it has in the outlets, as ``3,17``."""
    keys: dict[str, list[str]] = {}
    listed = Service.objects.filter(shop__merchant=merchant, removed_at=None)
    for service in listed.order_by("position", "pk"):
        keys.setdefault(service.title, []).append(str(service.pk))
    return [(",".join(found), name) for name, found in keys.items()]


def _chosen(merchant: Merchant, services: list[int]) -> list[str]:
    listed = [keys for keys, _name in _services(merchant)]
    return [keys for keys in listed if any(int(key) in services for key in keys.split(","))]

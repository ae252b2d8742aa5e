"""What a merchant decides about earning and using points."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from loyalty.models import Basis, EarningRule, Programme, Rounding, SpendingRule
from merchants.models import Service
from portal.kernel.forms import CleanTextMixin, KeyedForm
from portal.kernel.money import MoneyField

WEEK = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))

#: Four ways to begin, each a whole rule.
PRESETS: dict[str, dict[str, Any]] = {
    "usual": {
        "label": _("1 point per yuan, 100 points = ¥1"),
        "points_per_unit": 1,
        "points": 100,
        "worth": 100,
    },
    "generous": {
        "label": _("1 point per yuan, 20 points = ¥1"),
        "points_per_unit": 1,
        "points": 20,
        "worth": 100,
    },
    "visit": {
        "label": _("10 points per visit, 50 points = ¥5"),
        "basis": Basis.VISIT,
        "points": 50,
        "worth": 500,
    },
    "tuesday": {"label": _("Double points on Tuesdays"), "points_per_unit": 1, "weekdays": "1"},
}


class RulesForm(CleanTextMixin):
    """Earning above, using below."""

    basis = forms.ChoiceField(label=_("Points are given"), choices=Basis, widget=forms.RadioSelect)
    points_per_unit = forms.IntegerField(label=_("Points"), min_value=1, max_value=100)
    every = forms.IntegerField(label=_("for every so many yuan"), min_value=1, max_value=1000)
    each = forms.IntegerField(label=_("Points for each visit or item"), min_value=1, max_value=10_000)
    rounding = forms.ChoiceField(
        label=_("Rounding"), choices=Rounding, help_text=_("Once for each sale, at the end.")
    )
    waits = forms.IntegerField(
        label=_("Points of a sale can be used after (days)"),
        min_value=0,
        max_value=90,
        required=False,
        help_text=_("0: at once. Until then they wait on the card, in case something comes back."),
    )
    double_days = forms.MultipleChoiceField(
        label=_("Days with more points"),
        choices=list(enumerate(WEEK)),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    times = forms.IntegerField(
        label=_("Points on these days, %"), min_value=101, max_value=1000, required=False
    )
    excluded = forms.ModelMultipleChoiceField(
        label=_("Services that earn nothing"),
        queryset=Service.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    is_on = forms.BooleanField(label=_("Points pay at the counter"), required=False)
    points = forms.IntegerField(label=_("So many points"), min_value=1, max_value=100_000)
    worth = MoneyField(label=_("are worth"), least=1, most=100_000)
    minimum = forms.IntegerField(label=_("From how many points"), min_value=1, max_value=1_000_000)
    share = forms.IntegerField(label=_("Up to this share of a bill, %"), min_value=1, max_value=100)

    def __init__(self, *args: Any, services: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["excluded"]
        choice.queryset = services

    def earning(self) -> dict[str, Any]:
        data = self.cleaned_data
        days = {int(day) for day in data["double_days"]}
        names = ("basis", "points_per_unit", "every", "each", "rounding")
        return {name: data[name] for name in names} | {
            "waits": data["waits"] or 0,
            "excluded": [service.pk for service in data["excluded"]],
            "weekdays": [(data["times"] or 200) if day in days else 100 for day in range(7)],
        }

    def spending(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("points", "worth", "minimum", "share", "is_on")}


def begin_with(
    programme: Programme, earning: EarningRule | None, spending: SpendingRule | None, preset: str
) -> dict[str, Any]:
    """What the form shows at first: the preset that was chosen, else what holds now."""
    begin: dict[str, Any] = {"basis": Basis.AMOUNT, "points_per_unit": programme.points_per_unit, "every": 1}
    begin |= {"each": 10, "rounding": Rounding.HALF_UP, "times": 200, "double_days": [], "is_on": True}
    begin |= {"waits": 0, "points": 100, "worth": 100, "minimum": 100, "share": 50}
    if chosen := PRESETS.get(preset):
        return begin | _from_preset(chosen)
    if earning:
        more = {day: times for day, times in enumerate(earning.weekdays) if times > 100}
        names = ("basis", "every", "each", "rounding", "excluded", "waits")
        begin |= {name: getattr(earning, name) for name in names}
        begin |= {"double_days": list(more), "times": max(more.values(), default=200)}
    begin["is_on"] = bool(spending and spending.is_on)
    if spending:
        begin |= {name: getattr(spending, name) for name in ("points", "worth", "minimum", "share")}
    return begin


def _from_preset(chosen: dict[str, Any]) -> dict[str, Any]:
    begin = {name: value for name, value in chosen.items() if name not in ("label", "weekdays")}
    if "points" in begin:
        begin["minimum"] = begin["points"]
    return begin | ({"double_days": [int(chosen["weekdays"])]} if "weekdays" in chosen else {})


class CampaignForm(KeyedForm):
    """Some days on which points count more."""

    name = forms.CharField(label=_("What it is called"), max_length=30)
    starts_on = forms.DateField(
        label=_("First day"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    ends_on = forms.DateField(
        label=_("Last day"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    multiplier = forms.IntegerField(
        label=_("Percent of the usual points"), min_value=101, max_value=1000, initial=200
    )

"""What a merchant decides about its levels."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from loyalty.actions import Step
from loyalty.models import Level, LevelRule, Metric, WindowKind
from portal.kernel.forms import CleanTextMixin, KeyedForm
from portal.kernel.money import format_money, parse_money

#: Names that everybody understands; a merchant changes them at will. Rank 0 is where members begin.
NAMES = (("普通", "Member"), ("银卡", "Silver"), ("金卡", "Gold"), ("白金", "Platinum"))
UP = range(1, len(NAMES))
MULTIPLIERS = (100, 120, 150, 200)
WHOLE = 100  # minor units of a yuan in the presets below

#: Where to start from: metric, window, and what silver, gold and platinum ask for.
PRESETS: dict[str, dict[str, Any]] = {
    "amount": {
        "label": _("By what they pay"),
        "metric": Metric.AMOUNT,
        "window": WindowKind.ROLLING,
        "from": (500 * WHOLE, 2000 * WHOLE, 5000 * WHOLE),
    },
    "visits": {
        "label": _("By how often they come"),
        "metric": Metric.VISITS,
        "window": WindowKind.ROLLING,
        "from": (5, 12, 30),
    },
    "points": {
        "label": _("By points in a year"),
        "metric": Metric.POINTS,
        "window": WindowKind.CALENDAR,
        "from": (500, 2000, 5000),
    },
}


class LevelsForm(CleanTextMixin):
    """The rule and up to three levels above the first. A level without a threshold is not in use."""

    metric = forms.ChoiceField(label=_("What counts"), choices=Metric, widget=forms.RadioSelect)
    window = forms.ChoiceField(label=_("Over which time"), choices=WindowKind, widget=forms.RadioSelect)
    months = forms.IntegerField(label=_("How many months"), min_value=1, max_value=120)
    grace_days = forms.IntegerField(
        label=_("Days a level is kept when it is no longer earned"),
        min_value=30,
        max_value=400,
        help_text=_("The member is told 30 days before."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for rank, (zh, en) in enumerate(NAMES):
            self.fields[f"name_{rank}"] = forms.CharField(
                label=_("Name of the level"), max_length=9, initial=zh
            )
            self.fields[f"name_en_{rank}"] = forms.CharField(
                label=_("English name"), max_length=20, required=False, initial=en
            )
        for rank in UP:
            self.fields[f"from_{rank}"] = forms.CharField(
                label=_("Reached from"),
                max_length=16,
                required=False,
                widget=forms.TextInput({"inputmode": "decimal"}),
            )
            self.fields[f"multiplier_{rank}"] = forms.IntegerField(
                label=_("Percent of the usual points"),
                min_value=100,
                max_value=1000,
                initial=MULTIPLIERS[rank],
            )
            self.fields[f"discount_{rank}"] = forms.IntegerField(
                label=_("Discount, %"), min_value=0, max_value=90, initial=0
            )
            self.fields[f"privileges_{rank}"] = forms.CharField(
                label=_("What else it gives"), max_length=200, required=False
            )

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The fields of each level above the first, for the page."""
        names = ("name", "name_en", "from", "multiplier", "discount", "privileges")
        return [
            {"rank": rank} | {name.replace("from", "least"): self[f"{name}_{rank}"] for name in names}
            for rank in UP
        ]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        for rank in UP:
            text = data.get(f"from_{rank}", "")
            try:
                data[f"from_{rank}"] = _read(text, data.get("metric", "")) if text else None
            except ValueError:
                self.add_error(f"from_{rank}", _("Enter a number above nothing, such as 500"))
        return data

    def steps(self) -> list[Step]:
        data = self.cleaned_data
        first = Step(rank=0, name=data["name_0"], name_en=data["name_en_0"], threshold=0)
        return [first] + [
            Step(
                rank=rank,
                name=data[f"name_{rank}"],
                name_en=data[f"name_en_{rank}"],
                threshold=data[f"from_{rank}"],
                discount=data[f"discount_{rank}"],
                multiplier=data[f"multiplier_{rank}"],
                privileges=data[f"privileges_{rank}"],
            )
            for rank in UP
        ]

    @property
    def rule(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("metric", "window", "months", "grace_days")}


def _read(text: str, metric: str) -> int:
    number = parse_money(text) if metric == Metric.AMOUNT else int(text)
    if not 0 < number < 10**12:
        raise ValueError(text)
    return number


def _write(number: int, metric: str) -> str:
    return format_money(number)[1:].replace(",", "") if metric == Metric.AMOUNT else str(number)


def from_preset(name: str) -> dict[str, Any]:
    """What the form begins with when a preset was chosen."""
    preset = PRESETS.get(name, PRESETS["amount"])
    begin = {"metric": preset["metric"], "window": preset["window"], "months": 12, "grace_days": 30}
    return begin | {f"from_{rank}": _write(preset["from"][rank - 1], preset["metric"]) for rank in UP}


def from_saved(rule: LevelRule, levels: list[Level]) -> dict[str, Any]:
    begin: dict[str, Any] = {
        "metric": rule.metric,
        "window": rule.window,
        "months": rule.months,
        "grace_days": rule.grace_days,
    }
    for level in levels:
        for name in ("name", "name_en", "multiplier", "discount", "privileges"):
            begin[f"{name}_{level.rank}"] = getattr(level, name)
        begin[f"from_{level.rank}"] = _write(level.threshold, rule.metric) if level.is_on else ""
    return begin


class GiveLevelForm(KeyedForm):
    """A level by decision."""

    level = forms.ModelChoiceField(label=_("Level"), queryset=Level.objects.none(), empty_label=None)
    until = forms.DateField(
        label=_("Until, inclusive"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(label=_("Why"), max_length=120, help_text=_("The customer reads it."))

    def __init__(self, *args: Any, levels: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["level"]
        choice.queryset = levels if levels is not None else Level.objects.none()

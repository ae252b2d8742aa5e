"""Special days and being away, as people fill them in."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from merchants.models import DayKind
from merchants.opening import week
from portal.kernel.forms import CleanTextMixin
from portal.kernel.refused import Refused

LONGEST = 31  # days in one entry; more is closing for a while
PAIRS = (("opens_1", "closes_1"), ("opens_2", "closes_2"))


def _date(label: Any, *, required: bool, sentence: Any) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    errors = {"required": sentence, "invalid": sentence}
    return forms.DateField(label=label, required=required, widget=widget, error_messages=errors)


def _clock(label: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"type": "time", "autocomplete": "off"})
    return forms.CharField(label=label, required=False, max_length=8, widget=widget)


class DaysForm(CleanTextMixin):
    """One date or a row of them, closed, as usual or with hours of their own."""

    first = _date(_("Date"), required=True, sentence=_("Choose a day, such as 2027-01-01"))
    last = _date(_("Until"), required=False, sentence=_("Choose a day, or leave it empty for one day"))
    kind = forms.ChoiceField(
        label=_("Open?"),
        choices=DayKind,
        initial=DayKind.CLOSED,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose closed, other hours or as usual")},
    )
    opens_1, closes_1 = _clock(_("From")), _clock(_("To"))
    opens_2, closes_2 = _clock(_("From, after a break")), _clock(_("To, after a break"))
    label = forms.CharField(label=_("Name of the day"), max_length=40, required=False)
    label_en = forms.CharField(label=_("English name"), max_length=60, required=False)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        first, last = values.get("first"), values.get("last") or values.get("first")
        if first and last and not first <= last <= first + timedelta(days=LONGEST - 1):
            self.add_error("last", _("Choose a day from 1 to 31 days later; for longer, close for a while"))
        values["spans"] = self._spans() if values.get("kind") == DayKind.HOURS else ()
        return values

    def _spans(self) -> tuple[week.Span, ...]:
        spans = []
        for names in PAIRS:
            given = [self.cleaned_data.get(name) or "" for name in names]
            if not any(given):
                continue
            try:
                spans.append(week.span(*map(week.minutes_of, given)))
            except ValueError:
                self.add_error(names[0], _("Enter both times, such as 10:00 and 21:30"))
        try:
            return week.spans_of(week.day_written(sorted(spans)))
        except Refused as refusal:
            self.add_error("opens_2", str(refusal))
            return ()

    def days(self) -> list[date]:
        first = self.cleaned_data["first"]
        last = self.cleaned_data.get("last") or first
        return [first + timedelta(days=n) for n in range((last - first).days + 1)]

    def said(self) -> dict[str, Any]:
        """What the verb wants to know besides the days."""
        return {name: self.cleaned_data[name] for name in ("kind", "spans", "label", "label_en")}


class AwayForm(CleanTextMixin):
    """Closed for a while: until when, and why."""

    away_from = _date(_("First closed day"), required=True, sentence=_("Choose the first closed day"))
    back_on = _date(_("Open again on"), required=True, sentence=_("Choose the day on which you open again"))
    words = forms.CharField(label=_("Why, in a sentence"), max_length=200, required=False)
    words_en = forms.CharField(label=_("The same in English"), max_length=200, required=False)


def times_of(spans: tuple[week.Span, ...]) -> dict[str, str]:
    """Initial values of the clock fields."""
    values: dict[str, str] = {}
    for names, one in zip(PAIRS, spans, strict=False):
        values |= {
            names[0]: week.clock(one.opens),
            names[1]: week.clock(one.closes).replace("24:00", "00:00"),
        }
    return values

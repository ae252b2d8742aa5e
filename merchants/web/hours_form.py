"""Opening hours as people fill them in: a usual week at one tap, a table, or the text itself."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from merchants.opening import hours, week
from portal.kernel.forms import CleanTextMixin
from portal.kernel.refused import Refused

SPANS = (1, 2)


def _clock() -> forms.CharField:
    return forms.CharField(
        required=False, max_length=8, widget=forms.TextInput(attrs={"type": "time", "autocomplete": "off"})
    )


class HoursForm(CleanTextMixin):
    """Seven days with up to two spans each; ``text`` in OSM's syntax wins where it is filled in."""

    text = forms.CharField(
        label=_("Hours as text"),
        help_text=_("For holidays, seasons or three spans a day, for example Mo-Sa 10:00-21:00; PH off"),
        required=False,
        max_length=hours.LONGEST,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for day in range(7):
            for number in SPANS:
                for end in ("opens", "closes"):
                    self.fields[f"{end}_{day}_{number}"] = _clock()

    @classmethod
    def showing(cls, text: str, usual: str) -> "HoursForm":
        """The form for what is stored; the ``usual`` week of the category where nothing is."""
        table = week.week_of(text or usual)
        fits = table is not None and all(len(spans) <= len(SPANS) for spans in table.values())
        initial: dict[str, Any] = {} if fits else {"text": text}
        for day, spans in (table or {}).items() if fits else ():
            for number, one in enumerate(spans, start=1):
                initial[f"opens_{day}_{number}"] = week.clock(one.opens)
                closes = week.clock(one.closes)
                initial[f"closes_{day}_{number}"] = "00:00" if closes == "24:00" else closes
        return cls(initial=initial)

    def days(self) -> list[dict[str, Any]]:
        """For the template: each day's name with its pairs of fields."""
        return [
            {
                "name": name,
                "number": day,
                "spans": [(self[f"opens_{day}_{n}"], self[f"closes_{day}_{n}"]) for n in SPANS],
                "second": any(self[f"{end}_{day}_2"].value() for end in ("opens", "closes")),
            }
            for day, name in enumerate(week.DAYS)
        ]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if self.errors:
            return values
        try:
            if values.get("text"):
                values["hours"] = hours.understood(values["text"])
                return values
        except Refused as refusal:
            self.add_error("text", str(refusal))
            return values
        table = {day: tuple(self._spans(day)) for day in range(7)}
        if not self.errors:
            try:
                values["hours"] = week.written(week.checked(table))
            except Refused as refusal:
                self.add_error(None, str(refusal))
        return values

    def _spans(self, day: int) -> list[week.Span]:
        spans = []
        for number in SPANS:
            given = [self.cleaned_data.get(f"{end}_{day}_{number}") or "" for end in ("opens", "closes")]
            if not any(given):
                continue
            try:
                spans.append(week.span(*map(week.minutes_of, given)))
            except ValueError:
                self.add_error(
                    f"{'closes' if given[0] else 'opens'}_{day}_{number}",
                    _("%(day)s: enter both times, such as 10:00 and 21:30") % {"day": week.DAYS[day]},
                )
        return spans

"""A birthday on a form: which calendar, month, day; the year only if one likes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.days import EARLIEST, Birthday
from portal.kernel.forms import CleanTextMixin
from portal.kernel.refused import Refused

LATEST = 2100


def _numbers(last: int) -> list[tuple[str, str]]:
    """Nothing is chosen before somebody chooses: nobody is born on 1 January by mistake."""
    return [("", "–"), *((str(n), str(n)) for n in range(1, last + 1))]


class BirthdayForm(CleanTextMixin):
    """``birthday()`` is what was told, once it is valid."""

    calendar = forms.ChoiceField(
        label=_("Which calendar?"),
        choices=[("solar", _("Solar calendar")), ("lunar", _("Lunar calendar"))],
        widget=forms.RadioSelect,
        initial="solar",
    )
    month = forms.TypedChoiceField(
        label=pgettext_lazy("of a birthday", "Month"), coerce=int, choices=_numbers(12)
    )
    day = forms.TypedChoiceField(
        label=pgettext_lazy("of a birthday", "Day"), coerce=int, choices=_numbers(31)
    )
    leap = forms.BooleanField(label=_("In a leap month (lunar calendar only)"), required=False)
    year = forms.IntegerField(
        label=pgettext_lazy("of a birthday", "Year"),
        required=False,
        min_value=EARLIEST,
        max_value=LATEST,
        help_text=_("Not needed."),
    )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return said
        try:
            self.told = Birthday(
                said["month"], said["day"], said["year"], said["calendar"] == "lunar", said["leap"]
            )
        except Refused as refusal:
            self.add_error("day", str(refusal))
        return said

    def birthday(self) -> Birthday:
        return self.told

    @staticmethod
    def filled_with(day: Birthday) -> dict[str, Any]:
        return {
            "calendar": "lunar" if day.is_lunar else "solar",
            "month": day.month,
            "day": day.day,
            "leap": day.in_leap_month,
            "year": day.year,
        }


class OwnForm(BirthdayForm):
    shown = forms.BooleanField(
        label=_("Shops that I am a customer of may see the day"),
        required=False,
        help_text=_("Otherwise they only greet you, and don’t learn which day it is."),
    )


class NotedForm(BirthdayForm):
    agreed = forms.BooleanField(
        label=_("The customer told me and agrees to be greeted"),
        error_messages={"required": _("Note a birthday only if the customer has told you and agrees.")},
    )

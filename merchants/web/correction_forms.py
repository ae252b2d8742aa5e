"""What visitors fill in when something about a listing is wrong: one small form for each kind."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from merchants.actions.corrections import Proposal
from merchants.datum import Datum, to_wgs84
from merchants.models import Shop, Wrong
from merchants.trust.duplicates import candidates_of
from merchants.web.forms import LocationForm
from merchants.web.hours_form import HoursForm
from portal.kernel.forms import KeyedForm

SLUG_IN_LINK = r"(?:.*/s/)?([-\w]+)/?"


class ReportForm(KeyedForm):
    """What every report may add; on its own it is enough for "closed for good"."""

    said = forms.CharField(
        label=_("Anything to add?"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    evidence = forms.FileField(
        label=_("Photo, for example of the sign at the door"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )

    def __init__(self, *args: Any, shop: Shop, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.shop = shop

    def proposal(self) -> dict[str, Any]:
        return {}


class PlaceReport(ReportForm, LocationForm):
    address = None  # type: ignore[assignment]

    def proposal(self) -> dict[str, Any]:
        values = self.cleaned_data
        lat, lon = to_wgs84(values["lat"], values["lon"], Datum(values["datum"]))
        return {"lat": lat, "lon": lon}


class HoursReport(ReportForm, HoursForm):
    def proposal(self) -> dict[str, Any]:
        return {"text": self.cleaned_data["hours"]}


class PhoneReport(ReportForm):
    right = forms.CharField(
        label=_("Right phone number"),
        max_length=60,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel"}),
        error_messages={"required": _("Enter the number that works")},
    )

    def clean_right(self) -> str:
        text: str = self.cleaned_data["right"]
        if sum(map(str.isdigit, text)) < 3:
            raise forms.ValidationError(_("Enter a phone number with all its digits, such as 138 0013 8000"))
        return text

    def proposal(self) -> dict[str, Any]:
        return {"text": self.cleaned_data["right"]}


class NameReport(ReportForm):
    right = forms.CharField(
        label=_("Right name"),
        max_length=60,
        error_messages={"required": _("Enter the name that stands on the sign")},
    )

    def proposal(self) -> dict[str, Any]:
        return {"text": self.cleaned_data["right"]}


class DuplicateReport(ReportForm):
    """Neighbours that may be meant to choose from; any other by its link."""

    other = forms.ChoiceField(
        label=_("Which one is the same place?"), required=False, widget=forms.RadioSelect
    )
    link = forms.RegexField(
        label=_("Or paste the link of the other page"),
        regex=SLUG_IN_LINK,
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocapitalize": "none"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        near = [(row.place.slug, row.place.name) for row in candidates_of(self.shop)[:5]]
        self.fields["other"].choices = near  # type: ignore[attr-defined]
        if not near:
            del self.fields["other"]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        link = (values.get("link") or "").rstrip("/").rsplit("/", 1)[-1]
        slug = values.get("other") or link
        found = Shop.objects.listed().filter(slug=slug).exclude(pk=self.shop.pk).first()
        if found is None and not self.errors:
            self.add_error("link", _("Choose the other listing, or paste its link"))
        values["twin"] = found
        return values

    def proposal(self) -> dict[str, Any]:
        return {"other": self.cleaned_data["twin"]}


FORMS: dict[Wrong, type[ReportForm]] = {
    Wrong.PLACE: PlaceReport,
    Wrong.CLOSED: ReportForm,
    Wrong.DUPLICATE: DuplicateReport,
    Wrong.HOURS: HoursReport,
    Wrong.PHONE: PhoneReport,
    Wrong.NAME: NameReport,
}


def proposed_by(form: ReportForm, wrong: Wrong) -> Proposal:
    return Proposal(wrong=wrong, **form.proposal())

"""What a merchant decides about its card."""

from django import forms
from django.utils.translation import gettext_lazy as _

from loyalty.models import Programme
from portal.kernel.forms import CleanTextMixin, KeyedForm, PhoneField

NAMES = {
    "jade": _("Jade"),
    "ink": _("Ink"),
    "plum": _("Plum"),
    "persimmon": _("Persimmon"),
    "sky": _("Sky"),
    "tea": _("Tea"),
    "rose": _("Rose"),
    "slate": _("Slate"),
    "moss": _("Moss"),
    "gold": _("Gold"),
    "rice": _("Rice"),
    "mint": _("Mint"),
}


class AdjustForm(KeyedForm):
    """Points put right by hand."""

    points = forms.IntegerField(
        label=_("Points to add or take"),
        min_value=-1_000_000,
        max_value=1_000_000,
        help_text=_("With a minus sign to take points away."),
    )
    reason = forms.CharField(label=_("Why"), max_length=120, help_text=_("The customer reads it."))


class FreezeForm(CleanTextMixin):
    because = forms.CharField(max_length=120, required=False)


class ReplaceForm(CleanTextMixin):
    """A box to tick: the old card can't be brought back."""

    sure = forms.BooleanField()


class ProgrammeForm(CleanTextMixin, forms.ModelForm):
    """The name and the rule of points; what the card looks like is designed."""

    points_per_unit = forms.IntegerField(label=_("Points per yuan"), min_value=1, max_value=100)
    points_expire_months = forms.IntegerField(
        label=_("Points expire after (months)"),
        min_value=1,
        max_value=120,
        required=False,
        help_text=_("Empty: never. Points already earned keep the date they have."),
    )

    class Meta:
        model = Programme
        fields = ("name", "points_per_unit", "points_expire_months", "is_open")


class EnrolForm(CleanTextMixin):
    """Somebody at the counter who gives a phone number and nothing else."""

    phone = PhoneField(label=_("Phone number of the customer"))
    name = forms.CharField(label=_("Name"), max_length=40, required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"  # the cashier's own data is not the customer's

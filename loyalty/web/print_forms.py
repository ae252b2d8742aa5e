"""What printing cards and linking them asks."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from loyalty.cards.numbers import normalise_number
from loyalty.models import MOST_IN_BATCH
from portal.kernel.forms import CleanTextMixin, KeyedForm, PhoneField


class NumberField(forms.CharField):
    """Twelve digits as people read them from a card."""

    default_error_messages = {"digits": _("Enter the 12 digits under the square; one of these must be wrong")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=20, **kwargs)
        self.widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return ""
        if number := normalise_number(text):
            return number
        raise forms.ValidationError(self.error_messages["digits"], code="digits")


class BatchForm(KeyedForm):
    quantity = forms.IntegerField(
        label=_("How many cards"),
        min_value=1,
        max_value=MOST_IN_BATCH,
        initial=100,
        help_text=_("Up to 1,000 at a time; eight fit on a sheet"),
    )


class OrderForm(CleanTextMixin):
    address = forms.CharField(
        label=_("Send to"), max_length=200, help_text=_("Name, phone and address for the parcel")
    )
    wish = forms.CharField(label=_("Wish"), max_length=200, required=False)


class LinkForm(CleanTextMixin):
    """A printed card and whose it becomes: somebody's phone number, or a member card they have."""

    number = NumberField(label=_("Number on the printed card"))
    phone = PhoneField(label=_("Customer’s phone"), required=False)
    card = NumberField(label=_("Or the number of their member card"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and not (data.get("phone") or data.get("card")):
            self.add_error("phone", _("Enter the customer’s phone, or the number of their card"))
        return data


class OwnLinkForm(CleanTextMixin):
    number = NumberField(label=_("Number on the card"))
    secret = forms.RegexField(
        label=_("Link code"),
        regex=r"^\d{6}$",
        help_text=_("Six digits on the back of the card"),
        error_messages={"invalid": _("The link code has six digits")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": 6}),
    )

"""What people fill in about their shops."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from merchants.datum import Datum, GivenBy
from merchants.models import Category, Merchant, PhotoKind, Role, Shop
from portal.kernel.forms import CleanTextMixin, KeyedForm, PhoneField
from portal.kernel.money import MoneyField

LARGEST_PRICE = 100_000_000  # minor units: a million yuan, and well inside the column


class NameForm(KeyedForm):
    """The wizard's first step; also how a shop is renamed."""

    name = forms.CharField(
        label=_("Shop name"),
        max_length=60,
        error_messages={"required": _("Enter the name that stands on your sign")},
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    name_en = forms.CharField(label=_("English name"), max_length=80, required=False)
    category = forms.ModelChoiceField(
        label=_("What do you do?"),
        queryset=Category.objects.none(),
        to_field_name="slug",
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={
            "required": _("Choose what fits best"),
            "invalid_choice": _("Choose one of the categories shown"),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["category"]
        field.queryset = Category.objects.leaves()  # type: ignore[attr-defined]


class ShopWordsForm(NameForm):
    """The same with what the storefront says besides."""

    about = forms.CharField(
        label=_("About the shop"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    phone = forms.CharField(
        label=_("Phone for customers"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )


class LocationForm(CleanTextMixin):
    """A position in WGS-84 degrees, by whatever means it came, and the address in words."""

    WHERE = _("Use your location, or enter latitude and longitude such as 31.2304 and 121.4737")
    lat = forms.FloatField(
        label=_("Latitude"),
        localize=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"required": WHERE, "invalid": WHERE},
    )
    lon = forms.FloatField(
        label=_("Longitude"),
        localize=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"required": WHERE, "invalid": WHERE},
    )
    accuracy_m = forms.FloatField(required=False, widget=forms.HiddenInput)
    given_by = forms.CharField(required=False, max_length=6, initial=GivenBy.TYPED, widget=forms.HiddenInput)
    datum = forms.ChoiceField(
        label=_("Copied from"),
        choices=Datum,
        initial=Datum.WGS84,
        required=False,
        help_text=_("Map apps in mainland China show other numbers than GPS; we keep both."),
    )
    address = forms.CharField(
        label=_("Address"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )

    def clean_accuracy_m(self) -> int | None:
        """What the device said; nonsense is as good as silence."""
        accuracy = self.cleaned_data["accuracy_m"]
        return round(accuracy) if accuracy is not None and 0 <= accuracy < 100_000 else None

    def clean_given_by(self) -> str:
        """How the page says it came; a form without scripts was typed."""
        said = self.cleaned_data["given_by"]
        return said if said in (GivenBy.DEVICE, GivenBy.PIN) else GivenBy.TYPED

    def clean_datum(self) -> str:
        return self.cleaned_data["datum"] or Datum.WGS84


class ServiceForm(CleanTextMixin):
    """One line of the price list. A starter line without a price is not offered."""

    id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(label=_("Service"), max_length=60, required=False)
    name_en = forms.CharField(label=_("English name"), max_length=80, required=False)
    price = MoneyField(label=_("Price"), required=False, most=LARGEST_PRICE)
    minutes = forms.IntegerField(
        label=_("Minutes"),
        required=False,
        min_value=1,
        max_value=24 * 60,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "invalid": _("Enter minutes as a number such as 45"),
            "min_value": _("Enter 1 to 1,440 minutes"),
            "max_value": _("Enter 1 to 1,440 minutes"),
        },
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("price") is not None and not values.get("name") and "name" not in self.errors:
            self.add_error("name", _("Say what costs this much"))
        return values

    @property
    def is_offered(self) -> bool:
        return bool(self.cleaned_data.get("name")) and self.cleaned_data.get("price") is not None


class PhotoForm(CleanTextMixin):
    photo = forms.FileField(
        label=_("Photo"),
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        error_messages={
            "required": _("Take or choose a photo first"),
            "empty": _("This file is empty. Choose another photo"),
        },
    )
    kind = forms.ChoiceField(label=_("Kind of photo"), choices=PhotoKind, required=False)
    alt = forms.CharField(label=_("What does it show?"), max_length=120, required=False)
    alt_en = forms.CharField(label=_("The same in English"), max_length=160, required=False)

    def said(self) -> dict[str, Any]:
        """What was told about the picture; its kind is the frontage unless somebody says otherwise."""
        kind = PhotoKind(self.cleaned_data["kind"] or PhotoKind.FRONT)
        return {"kind": kind, "alt": self.cleaned_data["alt"], "alt_en": self.cleaned_data["alt_en"]}


class InviteForm(CleanTextMixin):
    who = forms.CharField(
        label=_("Phone or e-mail"),
        max_length=254,
        error_messages={"required": _("Enter the phone number or e-mail of the person")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    role = forms.ChoiceField(label=_("Role"), choices=Role, initial=Role.CASHIER, widget=forms.RadioSelect)

    def clean_who(self) -> dict[str, str]:
        """``{"phone": E.164}`` or ``{"email": address}``."""
        text = self.cleaned_data["who"]
        if "@" in text or "＠" in text:
            address = text.replace("＠", "@").lower()
            return {"email": forms.EmailField().clean(address)}
        return {"phone": PhoneField().clean(text)}


class MerchantForm(CleanTextMixin):
    name = forms.CharField(
        label=_("Name of the business"), max_length=60, error_messages={"required": _("Enter a name")}
    )
    name_en = forms.CharField(label=_("English name"), max_length=80, required=False)


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=Role)


class ClaimForm(CleanTextMixin):
    said = forms.CharField(
        label=_("What shows that it is yours?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write in a sentence how we can see that the shop is yours")},
    )
    evidence = forms.FileField(
        label=_("Photo of the licence or of you in the shop"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,application/pdf"}),
    )
    merchant = forms.ModelChoiceField(
        label=_("For which merchant?"),
        queryset=Merchant.objects.none(),
        to_field_name="slug",
        required=False,
        empty_label=_("A new one"),
    )

    def __init__(self, *args: Any, merchants: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["merchant"].queryset = merchants  # type: ignore[attr-defined]
        if not merchants:
            del self.fields["merchant"]


class AnswerForm(CleanTextMixin):
    """The holder's side of a dispute."""

    said = forms.CharField(
        label=_("Your side"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write in a sentence how we can see that the shop is yours")},
    )


def words_of(shop: Shop) -> dict[str, Any]:
    return {
        "name": shop.name,
        "name_en": shop.name_en,
        "category": shop.category.slug,
        "about": shop.about,
        "phone": shop.phone,
    }

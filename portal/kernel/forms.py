"""Form pieces that every app shares: request keys, phone numbers, clean text."""

import unicodedata
import uuid
from typing import Any, Self

import phonenumbers
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

_KEPT = ("\n", "\t")
LONGEST_TYPED = 32  # a number of 15 digits (E.164) with every separator people put in


def clean_text(text: str) -> str:
    """Without NUL, control characters and lone direction overrides that could turn a line around."""
    return "".join(
        char
        for char in text
        if char in _KEPT
        or (
            unicodedata.category(char) not in ("Cc", "Cs")
            and char not in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068"
        )
    )


class CleanTextMixin(forms.Form):
    """Every text a person typed is stripped of what no keyboard makes."""

    def _clean_fields(self) -> None:
        if self.is_bound:
            typed_in: Any = self.data.copy()  # type: ignore[attr-defined]
            self.data = typed_in
            for name, field in self.fields.items():
                key = self.add_prefix(name)
                if isinstance(field, forms.CharField) and isinstance(typed := typed_in.get(key), str):
                    typed_in[key] = clean_text(typed)
        super()._clean_fields()  # type: ignore[misc]


class KeyedForm(CleanTextMixin):
    """A form that changes value: its hidden key names the request, so sending it twice does it once."""

    key = forms.UUIDField(widget=forms.HiddenInput)

    @classmethod
    def fresh(cls, *args: Any, initial: dict[str, Any] | None = None, **kwargs: Any) -> Self:
        kwargs["initial"] = {"key": uuid.uuid4(), **(initial or {})}
        return cls(*args, **kwargs)


class PhoneField(forms.CharField):
    """A phone number as people write it; cleans to E.164 (``+8613800138000``)."""

    default_error_messages = {
        "required": _("Enter a phone number"),
        "phone": _("Enter a phone number with all its digits, such as 138 0013 8000"),
        "length": _("Chinese mobile numbers have 11 digits; this has %(count)d"),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs |= {"type": "tel", "inputmode": "tel", "autocomplete": "tel"}

    def clean(self, value: Any) -> Any:
        text = unicodedata.normalize("NFKC", super().clean(value) or "")
        if not text:
            return None
        if len(text) > LONGEST_TYPED:
            raise forms.ValidationError(self.error_messages["phone"], code="phone")
        try:
            number = phonenumbers.parse(text, settings.PHONENUMBER_DEFAULT_REGION)
        except phonenumbers.NumberParseException:
            raise forms.ValidationError(self.error_messages["phone"], code="phone") from None
        if not phonenumbers.is_valid_number(number):
            digits = str(number.national_number)
            if number.country_code == 86 and digits.startswith("1") and len(digits) != 11:
                raise forms.ValidationError(
                    self.error_messages["length"],
                    code="length",
                    params={"count": len(digits)},
                )
            raise forms.ValidationError(self.error_messages["phone"], code="phone")
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def read_phone(text: str) -> str | None:
    """The phone number that somebody typed into a search, in E.164; None when it isn't a whole one."""
    try:
        return PhoneField(required=False).clean(text[:32]) or None
    except forms.ValidationError:
        return None

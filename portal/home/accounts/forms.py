"""The two steps of signing in: say who you are, then type the code that was sent there."""

import unicodedata
from typing import Any

from allauth.core.internal.cryptokit import compare_user_code
from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from portal.home.accounts.contacts import ContactField
from portal.kernel.forms import CleanTextMixin


class EntranceForm(CleanTextMixin):
    """One box and "send code"; a password only for those who want to use theirs."""

    login = ContactField(label=_("Phone number or e-mail"))
    password = forms.CharField(
        label=_("Password"),
        required=False,
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class CodeForm(CleanTextMixin):
    """The six digits, however they were typed or pasted: spaces, full-width digits."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
        ),
        error_messages={"required": _("Enter the 6 digits we sent you")},
    )

    def __init__(self, *args: Any, expected: str = "", tries_left: int = 0, **kwargs: Any) -> None:
        self.expected, self.tries_left = expected, tries_left
        super().__init__(*args, **kwargs)

    def clean_code(self) -> str:
        code = unicodedata.normalize("NFKC", self.cleaned_data["code"])
        if not compare_user_code(actual=code, expected=self.expected):
            raise forms.ValidationError(
                ngettext_lazy(
                    "That code is not right. %(count)d try left",
                    "That code is not right. %(count)d tries left",
                    "count",
                ),
                code="wrong",
                params={"count": self.tries_left},
            )
        return code

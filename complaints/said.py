"""What somebody writes in a case: one field, as long as an answer may be, for pages and the desk."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.kernel.forms import KeyedForm

SAID_AT_MOST = 4000  # characters: two pages; longer stories come in several answers


def said_field(label: Any, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=SAID_AT_MOST,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={
            "max_length": _(
                "This has %(show_value)d characters; the limit is %(limit_value)d. Send it in two parts"
            )
        },
        **kwargs,
    )


class WordsForm(KeyedForm):
    said = said_field(_("Your answer"))
    said.error_messages["required"] = _("Write your answer first")

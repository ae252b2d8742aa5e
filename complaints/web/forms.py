from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.models import Reason
from portal.kernel.forms import CleanTextMixin, KeyedForm

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


class ReportForm(KeyedForm):
    reason = forms.ChoiceField(
        label=_("What is it about?"),
        choices=Reason,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what it is about")},
    )
    said = said_field(_("What happened?"))
    said.error_messages["required"] = _("Write down what happened")
    is_named = forms.BooleanField(label=_("The shop may know that it’s me"), required=False)


class DecideForm(CleanTextMixin):
    """``seen`` is the version of the case on the person's screen: nobody accepts what they haven't read."""

    to = forms.ChoiceField(
        choices=[(state, state) for state in ("confirmed", "accepted", "rejected", "withdrawn")]
    )
    seen = forms.IntegerField()


class AnswerForm(KeyedForm):
    said = said_field(_("Your answer"))
    said.error_messages["required"] = _("Write your answer first")

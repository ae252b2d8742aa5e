from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.files import AT_ONCE, Checked, checked
from complaints.models import Conduct
from complaints.reasons.field import ReasonBranches, ReasonField
from complaints.said import said_field
from consumers.web.review_forms import ManyFilesInput
from portal.kernel.forms import CleanTextMixin, KeyedForm
from portal.kernel.refused import Refused


class CheckedFilesField(forms.FileField):
    """None, one or several files; cleans to what may be kept of them."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Checked]:
        uploads = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if len(uploads) > AT_ONCE:
            raise forms.ValidationError(
                _("These are %(count)d files; send up to %(most)d at once."),
                params={"count": len(uploads), "most": AT_ONCE},
            )
        try:
            return [checked(super(CheckedFilesField, self).clean(one, initial)) for one in uploads]
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from None


def files_field() -> CheckedFilesField:
    return CheckedFilesField(
        label=_("Photos or papers"),
        required=False,
        widget=ManyFilesInput(attrs={"accept": "image/jpeg,image/png,image/webp,application/pdf,text/plain"}),
        error_messages={"empty": _("One of these files is empty. Choose another one")},
    )


class ReportForm(KeyedForm):
    reason = ReasonField(
        label=_("What is it about?"),
        widget=ReasonBranches,
        error_messages={"required": _("Choose what it is about")},
    )
    said = said_field(_("What happened?"))
    said.error_messages["required"] = _("Write down what happened")
    files = files_field()  # type: ignore[assignment]
    is_named = forms.BooleanField(label=_("The shop may know that it’s me"), required=False)


class MisconductForm(KeyedForm):
    conduct = forms.ChoiceField(
        label=_("What is it about?"),
        choices=Conduct,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what it is about")},
    )
    said = said_field(_("What happened?"))
    said.error_messages["required"] = _("Write down what happened")


class DecideForm(CleanTextMixin):
    """``seen`` is the version of the case on the person's screen: nobody accepts what they haven't read."""

    to = forms.ChoiceField(
        choices=[(state, state) for state in ("confirmed", "accepted", "rejected", "withdrawn")]
    )
    seen = forms.IntegerField()


class ShopAnswerForm(KeyedForm):
    """``then`` is the button: words alone, an offer for the person to decide on, or that it has begun.

    ``seen`` is the version of the case on the screen.
    """

    said = said_field(_("What the customer reads from you"))
    said.error_messages["required"] = _("Write your answer first")
    files = files_field()  # type: ignore[assignment]
    then = forms.ChoiceField(choices=[(state, state) for state in ("", "proposed", "remedy")], required=False)
    seen = forms.IntegerField()


class AnswerForm(KeyedForm):
    said = said_field(_("Your answer"))
    said.error_messages["required"] = _("Write your answer first")
    files = files_field()  # type: ignore[assignment]


class DoneForm(CleanTextMixin):
    """``proof`` only where hands do it."""

    proof = forms.CharField(
        label=_("How it was done"),
        max_length=120,
        required=False,
        help_text=_("The number of the transfer, or when the service was given"),
    )


class DropForm(CleanTextMixin):
    """``why`` for the desk, where the desk proposed it; what the shop itself offered goes without."""

    why = forms.CharField(max_length=200, required=False)

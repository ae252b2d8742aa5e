"""What an agent sends from the desk of one case."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.models import Complaint, Grade
from complaints.numbers import normalise_number
from complaints.states import ComplaintState, Level
from portal.kernel.forms import CleanTextMixin, KeyedForm
from portal.kernel.models import User

AT_MOST = 4000


class CaseField(forms.CharField):
    """The number of a case as people write it; cleans to the case."""

    def clean(self, value: Any) -> Any:
        number = normalise_number(super().clean(value))
        found = Complaint.objects.filter(number=number).first() if number else None
        if found is None:
            raise forms.ValidationError(_("There is no case with this number"))
        return found


class SeenForm(CleanTextMixin):
    """``seen`` is the version of the case on the agent's screen."""

    seen = forms.IntegerField(widget=forms.HiddenInput)


class ReplyForm(KeyedForm, SeenForm):
    """``then`` is the button that sent it: where the case stands after the reply."""

    said = forms.CharField(
        label=_("Reply"),
        max_length=AT_MOST,
        widget=forms.Textarea(attrs={"rows": 6, "id": "reply-said", "accesskey": "r"}),
    )
    then = forms.ChoiceField(choices=[("", ""), *ComplaintState.choices], required=False)


class NoteForm(KeyedForm):
    said = forms.CharField(
        label=_("Internal note"),
        max_length=AT_MOST,
        widget=forms.Textarea(attrs={"rows": 3, "id": "note-said", "accesskey": "m"}),
    )


class MoveForm(SeenForm):
    to = forms.ChoiceField(choices=ComplaintState)
    why = forms.CharField(
        label=_("Why, for the person to read; or what you ask the shop"), max_length=200, required=False
    )


class EscalateForm(SeenForm):
    level = forms.TypedChoiceField(choices=Level, coerce=int)
    why = forms.CharField(label=_("Why it goes up, for the colleagues"), max_length=200)


class GradeForm(SeenForm):
    grade = forms.ChoiceField(label=_("Grade"), choices=Grade)
    why = forms.CharField(label=_("Why this grade"), max_length=200)


class DuplicateForm(SeenForm):
    """``of`` is the number of the first report, as people write it."""

    of = CaseField(label=_("Number of the first report"), max_length=20)
    why = forms.CharField(label=_("What the person reads"), max_length=200)


class ContactsForm(CleanTextMixin):
    reason = forms.CharField(label=_("Why you need them"), min_length=5, max_length=160)


class AssignForm(forms.Form):
    """``instead_of`` is whose case it was on the agent's screen."""

    to = forms.ModelChoiceField(label=_("Assignee"), queryset=User.objects.filter(is_staff=True))
    instead_of = forms.IntegerField(required=False, widget=forms.HiddenInput)

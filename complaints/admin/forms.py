"""What an agent sends from the desk of one case."""

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.states import ComplaintState
from portal.kernel.forms import CleanTextMixin, KeyedForm
from portal.kernel.models import User

AT_MOST = 4000


class ReplyForm(KeyedForm):
    """``then`` is the button that sent it: where the case stands after the reply."""

    said = forms.CharField(
        label=_("Reply"), max_length=AT_MOST, widget=forms.Textarea(attrs={"rows": 6, "id": "reply-said"})
    )
    then = forms.ChoiceField(choices=[("", ""), *ComplaintState.choices], required=False)


class NoteForm(KeyedForm):
    said = forms.CharField(
        label=_("Internal note"),
        max_length=AT_MOST,
        widget=forms.Textarea(attrs={"rows": 3, "id": "note-said"}),
    )


class MoveForm(CleanTextMixin):
    """``before`` is the state that the agent saw."""

    to = forms.ChoiceField(choices=ComplaintState)
    before = forms.ChoiceField(choices=ComplaintState, widget=forms.HiddenInput)
    why = forms.CharField(label=_("How it ended, for the person to read"), max_length=200, required=False)


class AssignForm(forms.Form):
    """``instead_of`` is whose case it was on the agent's screen."""

    to = forms.ModelChoiceField(label=_("Assignee"), queryset=User.objects.filter(is_staff=True))
    instead_of = forms.IntegerField(required=False, widget=forms.HiddenInput)

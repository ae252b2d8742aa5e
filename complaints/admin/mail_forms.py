"""What an agent sends from the page of a mail."""

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.admin.forms import CaseField
from complaints.reasons.field import ReasonField
from merchants.models import Shop
from portal.kernel.forms import CleanTextMixin


class CaseForm(CleanTextMixin):
    shop = forms.ModelChoiceField(
        queryset=Shop.objects.select_related("merchant"), to_field_name="slug", widget=forms.HiddenInput
    )
    reason = ReasonField(label=_("What is it about?"))


class JoinForm(CleanTextMixin):
    number = CaseField(label=_("Number of the case"), max_length=20)


class DiscardForm(CleanTextMixin):
    why = forms.CharField(label=_("Why nothing comes of it"), max_length=200)


class NoForm(CleanTextMixin):
    """A button alone."""

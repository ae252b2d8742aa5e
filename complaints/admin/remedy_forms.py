"""What staff send about the remedies of a case, beside the offer itself."""

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.remedying.offering import says_field
from portal.kernel.forms import CleanTextMixin, KeyedForm
from portal.kernel.money import MoneyField


class TheRemedyForm(CleanTextMixin):
    remedy = forms.IntegerField(widget=forms.HiddenInput)


class DropForm(TheRemedyForm):
    why = forms.CharField(label=_("Why it is dropped"), max_length=200)


class ProofForm(TheRemedyForm):
    """``proof`` only for what hands do."""

    proof = forms.CharField(label=_("How it was done, with the number"), max_length=120, required=False)


class GoodwillForm(KeyedForm):
    worth = MoneyField(label=_("How much"), least=1)
    says = says_field(_("Reason: the person reads it"))

"""What staff send about the remedies of a case."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from complaints.admin.forms import SeenForm
from complaints.models import Complaint, RemedyKind
from coupons.models import CouponProgramme, ProgrammeState
from orders.models import PurchaseLine
from portal.kernel.forms import CleanTextMixin, KeyedForm
from portal.kernel.money import MoneyField, format_money

SAYS_AT_MOST = 200


def _says(label: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=SAYS_AT_MOST, widget=forms.Textarea(attrs={"rows": 2}))


class LineField(forms.ModelChoiceField):
    def label_from_instance(self, line: PurchaseLine) -> str:
        return f"{line.said or _('The whole bill')} {format_money(line.paid, exact=True)}"


class RemedyForm(KeyedForm, SeenForm):
    """One remedy of the proposal; the verb refuses what doesn't fit its kind, whatever was chosen here."""

    kind = forms.ChoiceField(label=_("What is given"), choices=RemedyKind)
    says = _says(_("What the person reads"))
    worth = MoneyField(label=_("Money: how much back, or what the service is worth"), required=False)
    points = forms.IntegerField(label=_("How many points"), min_value=0, max_value=10**7, required=False)
    line = LineField(label=_("Line of the purchase"), queryset=PurchaseLine.objects.all(), required=False)
    programme = forms.ModelChoiceField(
        label=_("Offer"), queryset=CouponProgramme.objects.all(), required=False
    )

    def offer_what_fits(self, complaint: Complaint) -> None:
        """The lines of the case's purchase and the merchant's running offers; the verb judges again."""
        lines = PurchaseLine.objects.filter(purchase=complaint.purchase_id).order_by("pk")
        self.fields["line"].queryset = lines  # type: ignore[attr-defined]
        self.fields["programme"].queryset = _offers_of(complaint)  # type: ignore[attr-defined]

    def clean_worth(self) -> int:
        return self.cleaned_data["worth"] or 0

    def clean_points(self) -> int:
        return self.cleaned_data["points"] or 0


def _offers_of(complaint: Complaint) -> QuerySet[CouponProgramme]:
    moment = timezone.now()
    running = CouponProgramme.objects.filter(
        merchant=complaint.merchant_id,
        state=ProgrammeState.PUBLISHED,
        starts_at__lte=moment,
        ends_at__gt=moment,
    )
    return running.order_by("title", "pk")


class TheRemedyForm(CleanTextMixin):
    remedy = forms.IntegerField(widget=forms.HiddenInput)


class DropForm(TheRemedyForm):
    why = forms.CharField(label=_("Why it is dropped"), max_length=200)


class ProofForm(TheRemedyForm):
    """``proof`` only for what hands do."""

    proof = forms.CharField(label=_("How it was done, with the number"), max_length=120, required=False)


class GoodwillForm(KeyedForm):
    worth = MoneyField(label=_("How much"), least=1)
    says = _says(_("Reason: the person reads it"))

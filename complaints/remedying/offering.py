"""What somebody sends to offer a remedy: one form for the desk and, a kind at a time, for the shop."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from complaints.models import Complaint, RemedyKind
from coupons.models import CouponProgramme
from orders.models import PurchaseLine
from portal.kernel.forms import KeyedForm
from portal.kernel.money import MoneyField, format_money

SAYS_AT_MOST = 200
#: What each kind is made of, beside the words that the person reads.
PARTS: dict[str, tuple[str, ...]] = {
    RemedyKind.APOLOGY: (),
    RemedyKind.REFUND: ("line", "worth"),
    RemedyKind.POINTS: ("points",),
    RemedyKind.COUPON: ("programme",),
    RemedyKind.SERVICE: ("line", "worth"),
}


def says_field(label: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=SAYS_AT_MOST, widget=forms.Textarea(attrs={"rows": 2}))


class LineField(forms.ModelChoiceField):
    def label_from_instance(self, line: PurchaseLine) -> str:
        return f"{line.said or _('The whole bill')} {format_money(line.paid, exact=True)}"


class CouponField(forms.ModelChoiceField):
    def label_from_instance(self, programme: CouponProgramme) -> str:
        most = (programme.amount_off or programme.most_off or 0) * programme.uses
        return f"{programme.title} · {format_money(most)}"


class RemedyForm(KeyedForm):
    """One remedy of the proposal; the verb refuses what doesn't fit its kind, whatever was chosen here.

    ``seen`` is the version of the case on the screen.
    """

    seen = forms.IntegerField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("What is given"), choices=RemedyKind)
    says = says_field(_("What the person reads"))
    worth = MoneyField(label=_("Money: how much back, or what the service is worth"), required=False)
    points = forms.IntegerField(label=_("How many points"), min_value=0, max_value=10**7, required=False)
    line = LineField(label=_("Line of the purchase"), queryset=PurchaseLine.objects.all(), required=False)
    programme = CouponField(label=_("Offer"), queryset=CouponProgramme.objects.all(), required=False)

    def offer_what_fits(self, complaint: Complaint) -> None:
        """The lines of the case's purchase and the merchant's running offers; the verb judges again."""
        lines = PurchaseLine.objects.none()
        if complaint.purchase_id:
            lines = PurchaseLine.objects.filter(purchase=complaint.purchase_id).order_by("pk")
        for name, choices in (("line", lines), ("programme", offers_of(complaint))):
            if name in self.fields:
                self.fields[name].queryset = choices  # type: ignore[attr-defined]

    def clean_worth(self) -> int:
        return self.cleaned_data["worth"] or 0

    def clean_points(self) -> int:
        return self.cleaned_data["points"] or 0


class OfferForm(RemedyForm):
    """The same of one kind: only what it is made of is asked, and has to be said."""

    kind = forms.ChoiceField(choices=RemedyKind, widget=forms.HiddenInput)
    says = says_field(_("What the customer reads"))
    says.error_messages["required"] = _("Write what the customer reads")
    worth = MoneyField(label=_("How much"), least=1, error_messages={"required": _("Enter an amount")})
    points = forms.IntegerField(
        label=_("How many points"),
        min_value=1,
        max_value=10**7,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={"required": _("Enter how many points")},
    )
    programme = CouponField(
        label=_("Which coupon"),
        queryset=CouponProgramme.objects.all(),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a coupon")},
    )

    def of_kind(self, kind: str, complaint: Complaint) -> "OfferForm":
        """Which line of the purchase is asked where there are several; of one, its price stands there."""
        self.initial["kind"] = kind
        for name in {"worth", "points", "line", "programme"} - {*PARTS[kind]}:
            del self.fields[name]
        self.offer_what_fits(complaint)
        if "line" in self.fields:
            self._ask_for_the_line(kind)
        return self

    def _ask_for_the_line(self, kind: str) -> None:
        lines = list(self.fields["line"].queryset)  # type: ignore[attr-defined]
        self.fields["line"].required = kind == RemedyKind.REFUND
        if kind == RemedyKind.SERVICE:
            self.fields["worth"].label = _("What it is worth")
        if len(lines) < 2:
            del self.fields["line"]
        if len(lines) == 1:
            self.initial["worth"] = lines[0].paid


def offers_of(complaint: Complaint) -> QuerySet[CouponProgramme]:
    """The merchant's offers of which there is one to be had now, and that say what they take off at most."""
    theirs = CouponProgramme.objects.filter(merchant=complaint.merchant_id)
    valued = theirs.filter(Q(amount_off__gt=0) | Q(most_off__gt=0))
    return valued.claimable_at(timezone.now()).order_by("title", "pk")

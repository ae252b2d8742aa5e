"""What a cashier fills in."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from orders.actions import MOST
from orders.models import PurchaseLine
from portal.kernel.dates import when
from portal.kernel.forms import CleanTextMixin, KeyedForm
from portal.kernel.money import MoneyField, format_money

HIDDEN = forms.HiddenInput


class LookUpForm(CleanTextMixin):
    """One input for everything: a scanned code, a card number, last digits, a phone number."""

    code = forms.CharField(label=_("Card, coupon or phone number"), max_length=200, required=False)
    card = forms.CharField(max_length=20, required=False, widget=HIDDEN)
    coupon = forms.CharField(max_length=20, required=False, widget=HIDDEN)
    approval = forms.CharField(max_length=20, required=False, widget=HIDDEN)
    proof = forms.CharField(max_length=20, required=False, widget=HIDDEN)
    done = forms.CharField(max_length=20, required=False, widget=HIDDEN)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["code"].widget.attrs |= {
            "autocomplete": "off",
            "autocapitalize": "characters",
            "spellcheck": "false",
            "enterkeyhint": "search",
        }


class SaleForm(KeyedForm):
    """The bill of what lies on the counter; its amount takes the focus as soon as the card is there."""

    bill = MoneyField(label=_("Amount of the bill"), least=1, most=MOST)
    shop = forms.SlugField(max_length=80, widget=HIDDEN, allow_unicode=True)
    card = forms.CharField(max_length=20, required=False, widget=HIDDEN)
    coupon = forms.CharField(max_length=20, required=False, widget=HIDDEN)
    approval = forms.CharField(max_length=20, required=False, widget=HIDDEN)
    proof = forms.CharField(max_length=20, required=False, widget=HIDDEN)
    use_points = forms.BooleanField(label=_("Use points"), required=False)
    service = forms.IntegerField(required=False, widget=HIDDEN)  # what the coupon on the counter is for

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["bill"].widget.attrs |= {"data-focus": True, "enterkeyhint": "done"}


class SellForm(KeyedForm):
    """Which pass."""

    offer = forms.IntegerField(widget=HIDDEN)


AT_ONE_TAP = 6  # visits that are offered as buttons; a family, hardly more


class VisitForm(KeyedForm):
    """How many visits are used. ``most``: as many are left; fewer than two leave nothing to choose."""

    approval = forms.CharField(max_length=20, required=False, widget=HIDDEN)
    visits = forms.IntegerField(
        label=pgettext_lazy("pass", "Visits"), min_value=1, required=False, widget=HIDDEN
    )

    def __init__(self, *args: Any, most: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if most > 1:
            choices = [(number, str(number)) for number in range(1, min(most, AT_ONE_TAP) + 1)]
            self.fields["visits"].widget = forms.RadioSelect(choices=choices)

    def clean_visits(self) -> int:
        return self.cleaned_data["visits"] or 1


class TopUpForm(KeyedForm):
    """What a customer pays in."""

    paid = MoneyField(label=_("Paid in"), least=1, most=MOST)


class UndoForm(KeyedForm):
    reason = forms.CharField(label=_("Reason"), max_length=120, required=False)


class ReturnForm(KeyedForm):
    """What came back: goods of one of the card's sales, or such whose receipt is lost."""

    line = forms.ChoiceField(label=_("Which sale"), required=False, widget=forms.RadioSelect)
    amount = MoneyField(label=_("Paid back"), least=1, most=MOST, required=False)
    quantity = forms.IntegerField(
        label=_("How many pieces"), min_value=1, max_value=1000, initial=1, required=False
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=120, help_text=_("What came back and why; it stays on record.")
    )
    shop = forms.SlugField(max_length=80, widget=HIDDEN, allow_unicode=True)
    card = forms.CharField(max_length=20, required=False, widget=HIDDEN)

    def __init__(
        self, *args: object, lines: Sequence[PurchaseLine] = (), by_piece: bool = False, **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.lines = {str(line.pk): line for line in lines}
        if lines:
            choices = [(name, _said(line)) for name, line in self.lines.items()]
            self.fields["line"].choices = [*choices, ("", _("The receipt is lost"))]  # type: ignore[attr-defined]
            self.fields["amount"].help_text = _("Left empty: all that is left of this sale")
        else:
            del self.fields["line"]
        if not by_piece:
            del self.fields["quantity"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        data["line"] = self.lines.get(data.get("line") or "")
        data["quantity"] = data.get("quantity") or 1
        if data["line"] is None and data.get("amount") is None and "amount" not in self.errors:
            self.add_error("amount", _("Enter what was paid back, more than nothing."))
        return data


def _said(line: Any) -> str:
    """``Nov 21, 14:02 · Haircut · ¥80``, where some of it came back already what is left of it."""
    what = line.said or (line.service.title if line.service else "")
    parts = [when(line.purchase.made_at), what, format_money(line.left, exact=True)]
    return " · ".join(part for part in parts if part)

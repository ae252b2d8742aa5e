"""What a cashier fills in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.actions import MOST
from portal.kernel.forms import CleanTextMixin, KeyedForm
from portal.kernel.money import MoneyField

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

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["bill"].widget.attrs |= {"data-focus": True, "enterkeyhint": "done"}


class TopUpForm(KeyedForm):
    """What a customer pays in."""

    paid = MoneyField(label=_("Paid in"), least=1, most=MOST)


class UndoForm(KeyedForm):
    reason = forms.CharField(label=_("Reason"), max_length=120, required=False)


class ReturnForm(KeyedForm):
    """What is paid back for goods whose receipt is lost."""

    amount = MoneyField(label=_("Paid back"), least=1, most=MOST)
    reason = forms.CharField(
        label=_("Reason"), max_length=120, help_text=_("What came back and why; it stays on record.")
    )
    shop = forms.SlugField(max_length=80, widget=HIDDEN, allow_unicode=True)
    card = forms.CharField(max_length=20, required=False, widget=HIDDEN)

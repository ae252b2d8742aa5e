"""What a till sends of itself, what an owner allows it, what a manager decides."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.actions import MOST
from orders.offline import Kept
from portal.kernel.forms import CleanTextMixin
from portal.kernel.money import MoneyField

LAST_MOMENT = 253_402_300_799_000  # of the year 9999, in milliseconds


class KeptForm(forms.Form):
    """One entry of the queue; a machine wrote it, so anything unexpected is simply broken."""

    nonce = forms.UUIDField()
    grant = forms.CharField(max_length=400)
    code = forms.CharField(max_length=200)
    bill = forms.IntegerField(min_value=1, max_value=MOST)
    given = forms.IntegerField(min_value=1, max_value=MOST)
    used_at = forms.IntegerField(min_value=0, max_value=LAST_MOMENT)
    signature = forms.RegexField(r"^[0-9a-f]{64}$")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("given", 0) > data.get("bill", 0):
            raise forms.ValidationError("more given than billed")  # nobody reads it
        return data

    @property
    def kept(self) -> Kept:
        return Kept(**self.cleaned_data)


class RuleForm(forms.Form):
    """The owner's: see ``OfflineRule``."""

    is_on = forms.BooleanField(label=_("Take coupons without a network"), required=False)
    most_waiting = forms.IntegerField(label=_("Coupons a till may keep"), min_value=1, max_value=50)
    most_off = MoneyField(label=_("Most that one coupon may take off"), least=1, most=MOST)
    hours = forms.IntegerField(label=_("Hours since its last network"), min_value=1, max_value=24)


class DecisionForm(CleanTextMixin):
    do = forms.ChoiceField(choices=[("count", ""), ("set_aside", "")])
    note = forms.CharField(label=_("Why"), max_length=200)

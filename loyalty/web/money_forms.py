"""What is filled in where money lies on cards."""

from typing import Any, Self

from django import forms
from django.utils.translation import gettext_lazy as _

from loyalty.models import SpendOrder, StoredValueTerms
from portal.kernel.forms import CleanTextMixin, KeyedForm
from portal.kernel.money import MoneyField

TIERS = 4
#: Offers that many small shops make: pairs of paid in and bonus, in minor units.
PRESETS: dict[str, tuple[tuple[int, int], ...]] = {
    "small": ((10_000, 1_000), (20_000, 3_000), (50_000, 10_000)),
    "usual": ((30_000, 3_000), (50_000, 6_000), (100_000, 15_000)),
    "plain": (),
}


class TermsForm(CleanTextMixin):
    """The terms, and up to four tiers: pay in so much, get so much on top."""

    is_on = forms.BooleanField(label=_("Members can top up their card"), required=False)
    spends = forms.ChoiceField(
        label=_("A payment takes"), choices=SpendOrder.choices, widget=forms.RadioSelect
    )
    most_on_card = MoneyField(label=_("Most on one card"), required=False, least=1)
    most_owed = MoneyField(label=_("Most on all cards together"), required=False, least=1)
    revenue = MoneyField(
        label=_("Revenue of last year"),
        required=False,
        least=1,
        help_text=_("Where the law limits what a shop may owe by its revenue; nobody else sees it."),
    )
    bonus_expires_months = forms.IntegerField(
        label=_("The bonus expires after (months)"),
        min_value=1,
        max_value=120,
        required=False,
        help_text=_("Empty: never. What was paid in never expires."),
    )

    cooling_off_days = forms.IntegerField(
        label=_("A top-up is taken back whole within (days)"), min_value=0, max_value=365
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for turn in range(TIERS):
            self.fields[f"pays_{turn}"] = MoneyField(label=_("Paid in"), required=False, least=1)
            self.fields[f"gets_{turn}"] = MoneyField(label=_("Bonus"), required=False)

    @classmethod
    def of(cls, terms: StoredValueTerms, data: Any, *, preset: str) -> Self:
        names = cls.base_fields
        initial = {name: getattr(terms, name) for name in names}
        had = [(tier.pays, tier.gets) for tier in terms.tiers.all()] if terms.pk else []
        if preset in PRESETS:
            had, initial["is_on"] = list(PRESETS[preset]), True
        for turn, (pays, gets) in enumerate(had[:TIERS]):
            initial |= {f"pays_{turn}": pays, f"gets_{turn}": gets}
        return cls(data, initial=initial)

    def rows(self) -> list[tuple[Any, Any]]:
        return [(self[f"pays_{turn}"], self[f"gets_{turn}"]) for turn in range(TIERS)]

    def tiers(self) -> list[tuple[int, int]]:
        filled = self.cleaned_data
        pairs = [(filled.get(f"pays_{turn}"), filled.get(f"gets_{turn}") or 0) for turn in range(TIERS)]
        return sorted((pays, gets) for pays, gets in pairs if pays)

    def terms(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.base_fields}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        seen = set()
        for turn in range(TIERS):
            pays, gets = data.get(f"pays_{turn}"), data.get(f"gets_{turn}")
            if gets and not pays:
                self.add_error(f"pays_{turn}", _("Enter what is paid in for this bonus."))
            elif pays and gets and gets > pays:
                self.add_error(f"gets_{turn}", _("A bonus can't be more than what is paid in."))
            elif pays in seen:
                self.add_error(f"pays_{turn}", _("This amount is there already."))
            seen.add(pays or object())
        return data


class ClosingForm(CleanTextMixin):
    last_day = forms.DateField(
        label=_("Last day"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )


class RefundForm(KeyedForm):
    """The sum that was shown travels along: another one is refused."""

    quoted = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class PayOutForm(CleanTextMixin):
    how = forms.CharField(label=_("How it was paid"), max_length=60)

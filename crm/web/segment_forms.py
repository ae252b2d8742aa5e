"""The rules of a segment as a merchant fills them in."""

from dataclasses import asdict
from typing import Any

from django import forms
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from crm.audiences import DISTANCES
from crm.models import Segment, Tag
from crm.rules import Rules
from loyalty.models import Level
from merchants.models import Merchant, Shop
from portal.kernel.distances import distance
from portal.kernel.forms import CleanTextMixin, KeyedForm
from portal.kernel.money import MoneyField

DAYS = (7, 14, 30, 60, 90, 180, 365)
MOST_VISITS = 100_000


def _number(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=MOST_VISITS)


def _chosen(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=label, required=False, coerce=int, empty_value=None)


class SegmentForm(KeyedForm):
    """Every field left empty is no rule; the others must all hold."""

    name = forms.CharField(
        label=_("Name of the segment"), max_length=30, help_text=_("Only you and your staff see it")
    )
    levels = forms.MultipleChoiceField(
        label=_("Member level"), required=False, widget=forms.CheckboxSelectMultiple
    )
    visits_from = _number(_("Visits from"))
    visits_to = _number(_("Visits to"))
    spent_from = MoneyField(label=_("Spent from"), required=False)
    spent_to = MoneyField(label=_("Spent to"), required=False)
    seen_within = _chosen(_("Was here in the last"))
    away_for = _chosen(_("Has not been here for"))
    birthday_month = _chosen(_("Next birthday in"))
    within_m = _chosen(_("Usually near, at most"))
    beyond_m = _chosen(_("and farther than"))
    shop = forms.ModelChoiceField(
        label=_("of the shop"), queryset=Shop.objects.none(), to_field_name="slug", required=False
    )
    tags = forms.MultipleChoiceField(
        label=_("With one of these tags"), required=False, widget=forms.CheckboxSelectMultiple
    )
    on_list = forms.ModelChoiceField(
        label=_("On the list"), queryset=Segment.objects.none(), to_field_name="token", required=False
    )

    def __init__(self, *args: Any, merchant: Merchant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        levels = Level.objects.filter(merchant=merchant, is_on=True).order_by("rank")
        fields["levels"].choices = [(str(level.rank), level.title) for level in levels]
        tags = Tag.objects.of(merchant).order_by("folded")
        fields["tags"].choices = [(str(one.pk), one.name) for one in tags]
        days = [("", "–"), *((str(n), ngettext("%d day", "%d days", n) % n) for n in DAYS)]
        fields["seen_within"].choices = fields["away_for"].choices = days
        fields["birthday_month"].choices = [("", "–"), *((str(n), MONTHS[n]) for n in range(1, 13))]
        far = [("", "–"), *((str(metres), distance(metres)) for metres in DISTANCES)]
        fields["within_m"].choices = fields["beyond_m"].choices = far
        shops = Shop.objects.of(merchant).listed().filter(location__isnull=False).order_by("pk")
        fields["shop"].queryset, fields["shop"].empty_label = shops, None
        fields["on_list"].empty_label = "–"
        fields["on_list"].queryset = Segment.objects.of(merchant).in_use().filter(is_list=True).order_by("pk")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("beyond_m") and not said.get("within_m"):
            self.add_error("within_m", _("Choose how far at most."))
        if said.get("within_m") and not said.get("shop"):
            self.add_error("shop", _("Choose the shop from which it is measured."))
        return said

    def rules(self) -> Rules:
        said = dict(self.cleaned_data)
        names = set(asdict(Rules())) - {"levels", "tags", "shop", "on_list"}
        return Rules(
            levels=tuple(sorted(int(rank) for rank in said["levels"])),
            tags=tuple(sorted(int(key) for key in said["tags"])),
            shop=said["shop"].pk if said["within_m"] else None,
            on_list=said["on_list"].pk if said["on_list"] else None,
            **{name: said[name] for name in names},
        )


class ListForm(KeyedForm):
    """A list that is there, or the name of a new one."""

    kept = forms.ModelChoiceField(
        label=pgettext_lazy("customers", "List"),
        queryset=Segment.objects.none(),
        to_field_name="token",
        required=False,
        empty_label=_("A new list"),
    )
    name = forms.CharField(label=_("Name of the new list"), max_length=30, required=False)

    def __init__(self, *args: Any, merchant: Merchant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lists: Any = self.fields["kept"]
        lists.queryset = Segment.objects.of(merchant).in_use().filter(is_list=True).order_by("pk")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if not said.get("kept") and not said.get("name"):
            self.add_error("name", _("Give the new list a name."))
        return said


class MarkedForm(CleanTextMixin):
    """Who is taken off a list."""

    customer = forms.IntegerField(min_value=1, max_value=1 << 62)

"""Duties: managers say who works on which cases."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from complaints.admin.reasons import OffersTheTree
from complaints.models import Duty
from complaints.roles import MAY_READ, holders_of
from consumers.areas import areas, districts


def _regions() -> list[Any]:
    return [
        ("", "–"),
        (_("Parts of town"), [(area.slug, area.name) for area in areas()]),
        (_("Districts"), [(area.slug, area.name) for area in districts()]),
    ]


class DutyForm(forms.ModelForm):
    region = forms.ChoiceField(label=_("region"), choices=_regions, required=False)

    def clean(self) -> Any:
        said = super().clean()
        if not self.cleaned_data.get("region") and not self.cleaned_data.get("reason"):
            raise forms.ValidationError(_("Choose a region, a reason, or both."))
        return said


@admin.register(Duty)
class DutyAdmin(OffersTheTree, admin.ModelAdmin):
    form = DutyForm
    fields = ("user", "region", "reason")
    list_display = ("user", "where", "reason")
    list_select_related = ("user", "reason")
    ordering = ("user", "pk")
    list_max_show_all = 0
    show_full_result_count = False

    @admin.display(description=_("region"), ordering="region")
    def where(self, duty: Duty) -> str:
        return duty.region_name or "–"

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "user" and field is not None:
            field.queryset = holders_of(MAY_READ)
        return field

"""When the desk works, its holidays, and what is promised: a change of promises is a new version."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from complaints import actions
from complaints.admin.reasons import OffersTheTree
from complaints.clocks.promises import current_policy
from complaints.clocks.statutory import READ_ON, known_profiles
from complaints.models import CalendarDay, GradeRules, Policy, Target, WorkCalendar, WorkSpan
from portal.kernel.looking import ReadOnlyAdmin

COPIED = ("kind", "grade", "reason", "minutes", "warn_minutes")


CLOCK = forms.TimeInput(format="%H:%M", attrs={"type": "time"})  # the one form that browsers read


class Spans(admin.StackedInline):
    """Stacked: every field has its name beside it, and a phone shows all of them."""

    model = WorkSpan
    extra = 1
    formfield_overrides = {models.TimeField: {"widget": CLOCK}}
    fields = (("weekday", "begins", "ends"),)
    ordering = ("weekday", "begins")


@admin.register(WorkCalendar)
class CalendarAdmin(admin.ModelAdmin):
    list_display = ("name", "time_zone")
    inlines = (Spans,)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(CalendarDay)
class DayAdmin(admin.ModelAdmin):
    """A day is added; what is due moves later by it, and nothing moves back."""

    list_display = ("day", "name", "is_worked", "calendar")
    list_filter = ("calendar", "is_worked")
    list_select_related = ("calendar",)
    ordering = ("-day",)
    list_max_show_all = 0

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: CalendarDay, form: Any, change: bool) -> None:
        known = actions.add_day(
            obj.calendar,
            obj.day,
            name=obj.name,
            is_worked=obj.is_worked,
            by=request.user,  # type: ignore[arg-type]
        )
        obj.pk = known.pk


class TargetForm(forms.ModelForm):
    def has_changed(self) -> bool:
        """What is copied from the version before is kept too; a row without a time is left out."""
        return bool(self["minutes"].value())


class TargetsFormSet(forms.BaseInlineFormSet):
    """A new version opens with what is promised now, and keeps all of it that isn't changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        instance = kwargs.get("instance")
        if instance is None or instance.pk is None:
            kwargs["initial"] = list(current_policy().targets.order_by("pk").values(*COPIED))
        super().__init__(*args, **kwargs)


@admin.display(description=_("what changed and why"), ordering="why")
def changed(version: Policy | GradeRules) -> str:
    """Of a version; that of the first, which nobody wrote, in the reader's language."""
    return version.why if version.why and version.by_id else str(_("As every portal begins"))


class Targets(OffersTheTree, admin.StackedInline):
    model = Target
    form = TargetForm
    formset = TargetsFormSet
    fields = (COPIED,)
    ordering = ("pk",)

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 0 if obj else current_policy().targets.count() + 2


@admin.register(Policy)
class PolicyAdmin(ReadOnlyAdmin):
    list_display = ("__str__", changed, "calendar", "by", "at")
    list_select_related = ("calendar", "by")
    ordering = ("-pk",)
    inlines = (Targets,)
    change_list_template = "admin/complaints/policy/change_list.html"

    class Media:
        css = {"all": ("complaints/desk.css",)}

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """With what the law asks of authorities, which the operator of the portal may choose to show."""
        told = {"profiles": known_profiles(), "read_on": READ_ON}
        return super().changelist_view(request, {**(extra_context or {}), **told})

    def get_fields(self, request: HttpRequest, obj: Policy | None = None) -> Any:
        return ("calendar", changed) if obj else ("calendar", "why")

    def get_readonly_fields(self, request: HttpRequest, obj: Policy | None = None) -> Any:
        return ("calendar", changed) if obj else ()

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("complaints.add_policy")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"calendar": current_policy().calendar_id}

    def save_model(self, request: HttpRequest, obj: Policy, form: Any, change: bool) -> None:
        obj.by = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)

"""The tree of causes with what they cost, cases that look alike, preventive actions and their effect."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints import actions
from complaints.causes.clusters import LEAST, clusters
from complaints.causes.costs import costs_by_cause
from complaints.duties import seen
from complaints.facts import those_who_answer
from complaints.models import OPEN_PREVENTIONS, Cause, Complaint, EffectCheck, Prevention
from complaints.outsiders import nothing_here
from portal.kernel.looking import ReadOnlyAdmin

GROUPS_SHOWN = 50


@admin.register(Cause)
class CauseAdmin(admin.ModelAdmin):
    list_display = ("named", "code", "parent", "is_offered")
    list_filter = ("is_retired",)
    list_select_related = ("parent",)
    search_fields = ("code", "name_zh", "name_en")
    ordering = ("code",)
    fields = ("parent", "code", "name_zh", "name_en", "is_retired")

    class Media:
        css = {"all": ("complaints/desk.css",)}

    @admin.display(description=gettext_lazy("cause"))
    def named(self, cause: Cause) -> str:
        return str(cause.name)

    @admin.display(description=gettext_lazy("offered"), boolean=True)
    def is_offered(self, cause: Cause) -> bool:
        return not cause.is_retired

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        pages = {"alike": self.alike, "costs": self.costs}
        return [
            *(
                path(f"{name}/", self.admin_site.admin_view(page), name=f"complaints_{name}")
                for name, page in pages.items()
            ),
            *super().get_urls(),
        ]

    def alike(self, request: HttpRequest) -> HttpResponse:
        """Cases of the last 90 days that share a service, a shop, a merchant or their words."""
        found = clusters(timezone.now())
        theirs = Complaint.objects.filter(seen(request.user))  # type: ignore[arg-type]
        cases = theirs.in_bulk({pk for cluster in found for pk in cluster.cases})
        groups = [(one, [cases[pk] for pk in one.cases if pk in cases]) for one in found]
        rows = [(one, those) for one, those in groups if len(those) >= LEAST][:GROUPS_SHOWN]
        return self._page(request, "alike", _("Cases that look alike"), rows=rows)

    def costs(self, request: HttpRequest) -> HttpResponse:
        """What the remedies cost, by the main cause of their cases, each with what stands below it."""
        return self._page(request, "costs", _("Remedies by cause"), rows=costs_by_cause(request.user))  # type: ignore[arg-type]

    def _page(self, request: HttpRequest, name: str, title: str, **found: Any) -> HttpResponse:
        if not self.has_view_permission(request):
            raise nothing_here(request)
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": Cause._meta,
            "media": self.media,
            **found,
        }
        return TemplateResponse(request, f"admin/complaints/cause/{name}.html", context)


class PreventionForm(forms.ModelForm):
    """Planned at first; with its evidence it is done."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "owner" in self.fields:
            self.fields["owner"].queryset = self.fields["owner"].queryset.filter(  # type: ignore[attr-defined]
                pk__in=[user.pk for user in those_who_answer()]
            )


class Checks(admin.StackedInline):
    model = EffectCheck
    readonly_fields = (
        "on",
        "outcome",
        "per",
        "cases_before",
        "of_before",
        "cases_after",
        "of_after",
        "low",
        "high",
    )
    fields = (readonly_fields[:3], readonly_fields[3:7], readonly_fields[7:])
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Prevention)
class PreventionAdmin(admin.ModelAdmin):
    form = PreventionForm
    list_display = ("what", "cause", "owner", "due_on", "state", "check_on")
    list_filter = ("state",)
    list_select_related = ("cause", "owner")
    ordering = ("-pk",)
    raw_id_fields = ("merchant", "shop")
    inlines = (Checks,)
    planned = ("cause", "merchant", "shop", "what", "owner", "due_on", "weeks")

    def get_fields(self, request: HttpRequest, obj: Prevention | None = None) -> Any:
        return (*self.planned, "evidence", "state", "done_on", "check_on") if obj else self.planned

    def get_readonly_fields(self, request: HttpRequest, obj: Prevention | None = None) -> Any:
        if obj is None:
            return ()
        stands = (*self.planned, "state", "done_on", "check_on")
        return stands if obj.state in OPEN_PREVENTIONS else (*stands, "evidence")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Prevention, form: Any, change: bool) -> None:
        if change:
            if form.cleaned_data.get("evidence"):
                actions.finish_prevention(
                    obj,
                    by=request.user,  # type: ignore[arg-type]
                    evidence=form.cleaned_data["evidence"],
                    on=timezone.localdate(),
                )
            return
        plan = dict(form.cleaned_data)
        made = actions.plan_prevention(plan.pop("cause"), by=request.user, **plan)  # type: ignore[arg-type]
        obj.pk = made.pk


@admin.register(EffectCheck)
class EffectAdmin(ReadOnlyAdmin):
    list_display = ("prevention", "on", "outcome", "before", "after", "limits")
    list_filter = ("outcome",)
    list_select_related = ("prevention",)
    ordering = ("-pk",)

    @admin.display(description=gettext_lazy("before"))
    def before(self, check: EffectCheck) -> str:
        return f"{check.cases_before} / {check.of_before}"

    @admin.display(description=gettext_lazy("after"))
    def after(self, check: EffectCheck) -> str:
        return f"{check.cases_after} / {check.of_after}"

    @admin.display(description=gettext_lazy("rate after by before, 95%"))
    def limits(self, check: EffectCheck) -> str:
        if check.low is None:
            return "–"
        high = "∞" if check.high is None else f"{check.high:.2f}"
        return f"{check.low:.2f} … {high}"

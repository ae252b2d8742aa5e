"""What people said of how it went, and the calls to those who weren't happy."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from complaints import actions
from complaints.admin.changelist import ForTheDesk
from complaints.admin.saved import SavedFilter
from complaints.admin.within import WithinDuties
from complaints.models import CallBack, Survey
from complaints.roles import MAY_ANSWER
from portal.kernel.dates import span
from portal.kernel.refused import Refused


class OpenFilter(SavedFilter):
    title, parameter_name = _("queue"), "queue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("done", _("Done"))]

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        yield first | {"display": _("To call")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(done_at__isnull=self.value() != "done")


class OutcomeForm(forms.ModelForm):
    outcome = forms.CharField(
        label=_("What came of it"),
        max_length=400,
        help_text=_("The phone number is on the page of the complaint; say there why you need it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@admin.register(CallBack)
class CallBackAdmin(WithinDuties):
    """The one who waits longest stands first."""

    case_path = "survey__complaint"
    list_display = ("__str__", "score", "waiting", "by", "done_at")
    list_filter = (OpenFilter,)
    list_select_related = ("survey__complaint", "by")
    list_max_show_all = 0
    show_full_result_count = False
    ordering = ("opened_at", "pk")
    form = OutcomeForm
    fields = ("case", "score", "said", "opened_at", "outcome", "by", "done_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("complaints.view_complaint")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: CallBack | None = None) -> bool:
        return request.user.has_perm(MAY_ANSWER) and (obj is None or obj.done_at is None)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [name for name in self.fields if name != "outcome"]

    def save_model(self, request: HttpRequest, obj: CallBack, form: Any, change: bool) -> None:
        try:
            actions.called_back(
                obj,
                by=request.user,  # type: ignore[arg-type]
                outcome=form.cleaned_data["outcome"],
                moment=timezone.now(),
            )
        except Refused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)

    @admin.display(description=_("complaint"))
    def case(self, call: CallBack) -> SafeString:
        complaint = call.survey.complaint
        address = reverse("admin:complaints_complaint_change", args=[complaint.pk])
        return format_html('<a href="{}">{}</a>', address, complaint)

    @admin.display(description=_("score"), ordering="survey__score")
    def score(self, call: CallBack) -> str:
        return gettext("%(score)d of 5") % {"score": call.survey.score}

    @admin.display(description=_("words"))
    def said(self, call: CallBack) -> str:
        return call.survey.said or "–"

    @admin.display(description=_("waiting"), ordering="opened_at")
    def waiting(self, call: CallBack) -> str:
        return span((call.done_at or timezone.now()) - call.opened_at)


@admin.register(Survey)
class SurveyAdmin(WithinDuties, ForTheDesk):
    list_display = ("complaint", "score", "said", "asked_at", "answered_at")
    list_filter = ("score",)
    list_select_related = ("complaint",)
    fields = ("complaint", "score", "said", "asked_at", "answered_at")  # not the link that answers it
    ordering = ("-pk",)

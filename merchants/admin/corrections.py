"""The queue of corrections: what the listing says, what visitors say, and two buttons."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from merchants import actions
from merchants.admin.claims import DecisionForm
from merchants.admin.evidence import serve, shown
from merchants.models import Correction, CorrectionState, Origin
from merchants.models.correction import ENOUGH
from merchants.trust.queues import OWNER_HAS, for_staff
from portal.kernel.forms import clean_text
from portal.kernel.looking import ReadOnlyAdmin
from portal.kernel.refused import Refused


class CorrectionFilter(admin.SimpleListFilter):
    title, parameter_name = gettext_lazy("queue"), "queue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("overdue", gettext_lazy("Overdue")),
            ("weak", gettext_lazy("Without an account")),
            ("owner", gettext_lazy("With the owner")),
            ("decided", gettext_lazy("Decided")),
        ]

    def choices(self, changelist: Any) -> Any:
        first, *saved = super().choices(changelist)
        yield first | {"display": gettext_lazy("Waiting for us")}
        yield from saved

    def queryset(self, request: HttpRequest, queryset: QuerySet[Correction]) -> QuerySet[Correction]:
        waiting = queryset.filter(state=CorrectionState.OPEN)
        match self.value():
            case "overdue":
                return waiting.filter(created_at__lt=timezone.now() - OWNER_HAS)
            case "weak":
                return waiting.filter(weight__lt=ENOUGH)
            case "owner":
                return waiting.exclude(pk__in=for_staff(queryset, timezone.now()))
            case "decided":
                return queryset.exclude(state=CorrectionState.OPEN)
        return for_staff(queryset, timezone.now())


class CorrectionForm(DecisionForm):
    class Meta:
        model = Correction
        fields: tuple[str, ...] = ()


@admin.register(Correction)
class CorrectionAdmin(ReadOnlyAdmin):
    form = CorrectionForm
    change_form_template = "merchants/admin/correction.html"
    list_display = ("shop", "wrong", "before", "proposed_words", "weight", "created_at", "state")
    list_display_links = ("shop", "wrong")
    list_filter = (CorrectionFilter, "wrong")
    list_select_related = ("shop", "other")
    search_fields = ("shop__name", "shop__slug")
    ordering = ("created_at", "pk")
    readonly_fields = (
        *("shop", "wrong", "before", "proposed_words", "said", "shown_evidence", "by", "weight"),
        *("state", "decided_by", "decided_at", "created_at"),
    )
    fields = (*readonly_fields, "reason")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("shop__merchant", "other", "by", "decided_by")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("merchants.change_correction"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        decided = obj is not None and obj.state != CorrectionState.OPEN
        return (*self.readonly_fields, "reason") if decided else self.readonly_fields

    @admin.display(description=gettext_lazy("should read"))
    def proposed_words(self, correction: Correction) -> str:
        return correction.proposed

    @admin.display(description=gettext_lazy("evidence"))
    def shown_evidence(self, correction: Correction) -> str:
        return shown(correction, "admin:merchants_correction_evidence")

    def get_urls(self) -> Any:
        view = self.admin_site.admin_view(self.evidence)
        own = path("<int:correction>/evidence/", view, name="merchants_correction_evidence")
        return [own, *super().get_urls()]

    def evidence(self, request: HttpRequest, correction: int) -> FileResponse:
        return serve(self, request, Correction, correction)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Nothing is written here: the buttons decide, through the verbs."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The verbs leave their own trace."""

    def response_change(self, request: HttpRequest, obj: Correction) -> HttpResponse:
        who: Any = request.user
        try:
            if "_accept" in request.POST:
                actions.accept_correction(obj, by=who, decided_as=Origin.STAFF)
                done = _("Taken over. The listing says it now.")
            elif "_decline" in request.POST:
                reason = clean_text(request.POST.get("reason", ""))[:2000]
                actions.decline_correction(obj, by=who, decided_as=Origin.STAFF, reason=reason)
                done = _("Not taken over. The visitor was told why.")
            else:
                return super().response_change(request, obj)
        except Refused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return HttpResponseRedirect(request.path)
        self.message_user(request, done, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:merchants_correction_changelist"))

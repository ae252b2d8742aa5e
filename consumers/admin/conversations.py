"""The queue of reported conversations: nothing else that people write to each other is shown to staff."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.db.models import Min, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from consumers import actions
from consumers.models import Conversation, ConversationReport, Letter, MessageBox
from portal.kernel.forms import clean_text
from portal.kernel.looking import ReadOnlyAdmin, ReadOnlyInline
from portal.kernel.models import User
from portal.kernel.refused import Refused

MAY_DECIDE = "consumers.moderate_conversation"


class ReportedFilter(admin.SimpleListFilter):
    """What waits for a decision, unless something else is asked for."""

    title, parameter_name = gettext_lazy("queue"), "queue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("closed", gettext_lazy("Closed by us")), ("all", gettext_lazy("All"))]

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        yield first | {"display": pgettext_lazy("conversations", "Waiting")}
        yield from others

    def queryset(self, request: HttpRequest, conversations: Any) -> Any:
        if self.value() == "closed":
            return conversations.filter(closed_at__isnull=False)
        if self.value() == "all":
            return conversations
        return conversations.filter(since__isnull=False)


class DecisionForm(forms.ModelForm):
    reason = forms.CharField(
        label=gettext_lazy("Reason (who reported it reads it; both, when you close it)"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 400}),
    )

    class Meta:
        model = Conversation
        fields: tuple[str, ...] = ()


class _Shown(ReadOnlyInline):
    """Rows to read, none to touch."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm(MAY_DECIDE))


class LetterInline(_Shown):
    model = Letter
    fields = ("written_at", "from_shop", "said")
    readonly_fields = fields
    ordering = ("pk",)


class ReportInline(_Shown):
    model = ConversationReport
    fields = ("at", "from_shop", "harm", "said", "reason", "decided_by", "decided_at")
    readonly_fields = fields
    ordering = ("pk",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("decided_by")


@admin.register(Conversation)
class ConversationAdmin(admin.ModelAdmin):
    """Only those that one of the two has reported; decided by the buttons, through the verb."""

    form = DecisionForm
    change_form_template = "consumers/admin/conversation.html"
    inlines = (ReportInline, LetterInline)
    list_display = ("reported_at", "shop", "harm", "from_whom", "closed_at")
    list_filter = (ReportedFilter,)
    list_select_related = ("shop",)
    list_max_show_all = 0
    list_per_page = 100
    show_full_result_count = False
    search_fields = ("token", "shop__name", "shop__name_en")
    search_help_text = gettext_lazy("Address of the conversation, or name of the shop")
    readonly_fields = (
        "shop",
        "who",
        "began_at",
        "last_at",
        "blocked_by_shop",
        "blocked_by_person",
        "closed_at",
    )
    fields = (*readonly_fields, "reason")

    def get_queryset(self, request: HttpRequest) -> Any:
        reported = super().get_queryset(request).filter(reports__isnull=False)
        since = Min("reports__at", filter=Q(reports__decided_at=None))
        rows = reported.select_related("shop", "person").prefetch_related("reports")
        return rows.annotate(since=since).order_by("since", "pk")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return super().has_module_permission(request) or self.has_change_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The right to see the table isn't enough: what people write is shown to who decides."""
        return bool(request.user.has_perm(MAY_DECIDE))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm(MAY_DECIDE))

    @admin.display(description=gettext_lazy("reported"), ordering="since")
    def reported_at(self, conversation: Any) -> Any:
        return conversation.since or max(report.at for report in conversation.reports.all())

    @admin.display(description=gettext_lazy("what is wrong"))
    def harm(self, conversation: Conversation) -> str:
        return ", ".join(sorted({str(report.get_harm_display()) for report in conversation.reports.all()}))

    @admin.display(description=gettext_lazy("reported by"))
    def from_whom(self, conversation: Conversation) -> str:
        sides = {report.from_shop for report in conversation.reports.all()}
        shop, customer = pgettext("reported by", "the shop"), pgettext("reported by", "the customer")
        return ", ".join(shop if side else customer for side in sorted(sides))

    @admin.display(description=gettext_lazy("person"))
    def who(self, conversation: Conversation) -> str:
        return conversation.person.says()

    def save_model(self, request: HttpRequest, obj: Conversation, form: Any, change: bool) -> None:
        """Nothing is written here: the buttons decide, through the verb."""

    def response_change(self, request: HttpRequest, obj: Conversation) -> HttpResponse:
        close = "_close" in request.POST
        if not close and "_leave" not in request.POST:
            return super().response_change(request, obj)
        said = clean_text(request.POST.get("reason", ""))[:400]
        try:
            actions.decide_conversation(obj, close=close, said=said, by=cast(User, request.user))
        except Refused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return HttpResponseRedirect(request.path)
        self.message_user(request, _("Decided. Who reported it is told."), messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:consumers_conversation_changelist"))


@admin.register(MessageBox)
class MessageBoxAdmin(ReadOnlyAdmin):
    list_display = ("shop", "is_open")
    list_filter = ("is_open",)
    list_select_related = ("shop",)
    search_fields = ("shop__name", "shop__name_en")
    ordering = ("-pk",)

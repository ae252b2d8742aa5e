"""The queue: what is due first stands first; saved filters; search as people quote a case."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.db.models.functions import Left
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from complaints.admin import bulk, desk, statistics, taking_down
from complaints.admin.bulk import BulkForm
from complaints.admin.listing import QuickList
from complaints.admin.saved import SavedFilter
from complaints.admin.within import WithinDuties
from complaints.models import (
    CaseTry,
    Complaint,
    Escalation,
    FileLook,
    Grade,
    Grading,
    InternalNote,
    Reply,
    Step,
)
from complaints.outsiders import nothing_here
from complaints.queue import FILTERS, due_in_words, filtered, urgency
from complaints.reasons.tree import reason_tree
from complaints.roles import MAY_ANSWER, MAY_READ
from complaints.searching import found
from portal.kernel.dates import span
from portal.kernel.looking import ReadOnlyAdmin

SHOWN_OF_SAID = 60  # characters of the report on a row of the queue


def _grave(complaint: Complaint) -> SafeString | str:
    if complaint.grade == Grade.MINOR:
        return ""
    return format_html(' <b class="desk-level">{}</b>', Grade(complaint.grade).label)


class QueueFilter(SavedFilter):
    """Everything open unless a saved filter or a search asks for something else."""

    title = _("queue")
    parameter_name = "queue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(FILTERS.items())

    def choices(self, changelist: Any) -> Any:
        first, *saved = super().choices(changelist)
        yield first | {"display": pgettext_lazy("complaint", "Open")}
        yield from saved

    def queryset(self, request: HttpRequest, queryset: QuerySet[Complaint]) -> QuerySet[Complaint]:
        if self.value() is None and request.GET.get("q"):
            return queryset
        return filtered(queryset, self.value(), user=request.user, moment=timezone.now())  # type: ignore[arg-type]


class ReasonFilter(admin.SimpleListFilter):
    """A reason with all that stands below it."""

    title, parameter_name = _("reason"), "reason"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        self.tree = reason_tree()
        return self.tree.choices(also_retired=True)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        asked = self.value()
        return queryset.filter(reason__in=self.tree.subtree(asked)) if asked else queryset


class ForTheDesk(ReadOnlyAdmin):
    """Read by whoever reads the cases."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(MAY_READ)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)


@admin.register(Complaint)
class ComplaintAdmin(WithinDuties, ReadOnlyAdmin, QuickList):
    case_path = ""
    list_display = ("due", "case_number", "shop", "subject", "waiting_on", "whose", "age")
    list_display_links = ("due", "case_number")
    list_filter = (QueueFilter, "grade", ReasonFilter)
    list_select_related = ("shop", "assignee", "reason")
    list_reads = (
        *("number", "state", "level", "grade", "due_at", "filed_at", "shop__name", "shop__name_en"),
        *("assignee__name", "assignee__phone", "reason__name_zh", "reason__name_en"),
    )
    list_per_page = 100
    ordering = ("due_at", "pk")
    search_fields = ("number",)  # shows the box; what is typed is read by get_search_results
    search_help_text = _("Number of the case, whole phone number, name of the shop, or words of the report")
    actions = ("take", "give", "join")
    action_form = BulkForm

    class Media:
        css = {"all": ("complaints/desk.css",)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Complaint]:
        """Without the pairs, which are for the index alone; of the report its beginning, for the list."""
        return super().get_queryset(request).defer("grams").annotate(opening=Left("said", 2 * SHOWN_OF_SAID))

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """What has ended is due no more: the last filed stand first, and nothing needs to be sorted."""
        return ("-pk",) if request.GET.get("queue") == "ended" else self.ordering

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Complaint], search_term: str
    ) -> tuple[QuerySet[Complaint], bool]:
        if not (term := search_term.strip()):
            return queryset, False
        cases, request.found_only = found(queryset, term)  # type: ignore[arg-type,attr-defined]
        return cases, False

    @admin.display(description=_("due"), ordering="due_at")
    def due(self, complaint: Complaint) -> SafeString | str:
        moment = timezone.now()
        words = due_in_words(complaint, moment)
        if not words:
            return "–"
        return format_html('<b class="due" data-urgency="{}">{}</b>', urgency(complaint, moment), words)

    @admin.display(description=pgettext_lazy("complaint", "number"), ordering="number")
    def case_number(self, complaint: Complaint) -> str:
        return complaint.number_in_groups

    @admin.display(description=_("subject"), ordering="reason")
    def subject(self, complaint: Complaint) -> SafeString:
        """What it is about, how grave, and how the person begins to tell it."""
        return format_html(
            '{}{} <span class="case-says">{}</span>',
            complaint.reason.name,
            _grave(complaint),
            Truncator(" ".join(complaint.opening.split())).chars(SHOWN_OF_SAID),  # type: ignore[attr-defined]
        )

    @admin.display(description=_("waiting on"), ordering="state")
    def waiting_on(self, complaint: Complaint) -> str:
        state = complaint.state_at_desk
        return f"{state} · {complaint.get_level_display()}" if complaint.level else state

    @admin.display(description=_("assignee"), ordering="assignee")
    def whose(self, complaint: Complaint) -> str:
        return complaint.assignee.says() if complaint.assignee else gettext("nobody yet")

    @admin.display(description=_("age"), ordering="filed_at")
    def age(self, complaint: Complaint) -> str:
        return span(timezone.now() - complaint.filed_at)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return super().get_actions(request) if request.user.has_perm(MAY_ANSWER) else {}

    @admin.action(description=_("Give the selected cases to me"))
    def take(self, request: HttpRequest, queryset: QuerySet[Complaint]) -> None:
        given = bulk.give(queryset, request.user, by=request.user, only_free=True)  # type: ignore[arg-type]
        self._tell(request, given, _("Cases that are yours now: %(count)d"))

    @admin.action(description=_("Give the selected cases to the colleague chosen beside"))
    def give(self, request: HttpRequest, queryset: QuerySet[Complaint]) -> None:
        to = bulk.chosen(request.POST.get("to", ""))
        if to is None:
            self.message_user(request, _("Choose a colleague beside the action."), messages.WARNING)
            return
        given = bulk.give(queryset, to, by=request.user, only_free=False)  # type: ignore[arg-type]
        self._tell(request, given, _("Cases given: %(count)d"))

    @admin.action(description=_("Join the selected cases to the earliest of them"))
    def join(self, request: HttpRequest, queryset: QuerySet[Complaint]) -> None:
        joined = bulk.join(queryset, by=request.user)  # type: ignore[arg-type]
        self._tell(request, joined, _("Cases joined: %(count)d"))

    def _tell(self, request: HttpRequest, done: bulk.Done, sentence: Any) -> None:
        for complaint, refusal in done.refused:
            self.message_user(request, f"{complaint}: {refusal}", messages.WARNING)
        self.message_user(request, sentence % {"count": done.count})

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(f"<int:pk>/{name}/", self.admin_site.admin_view(view), name=f"complaints_complaint_{name}")
            for name, view in {**desk.doors(self), "contacts": desk.contacts(self)}.items()
        ]
        figures = path(
            "figures/", self.admin_site.admin_view(statistics.show), name="complaints_complaint_figures"
        )
        return [*own, figures, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise nothing_here(request)
        return super().changelist_view(request, extra_context)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What is added by hand came by phone."""
        return request.user.has_perm(MAY_ANSWER)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        return taking_down.take_down(self, request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return desk.show(self, request, object_id)


@admin.register(Step, Reply, InternalNote, Escalation, Grading)
class HistoryAdmin(WithinDuties, ReadOnlyAdmin):
    list_display = ("complaint", "__str__", "by", "at")
    list_select_related = ("complaint", "by")
    ordering = ("-pk",)


@admin.register(FileLook)
class LookAdmin(WithinDuties, ReadOnlyAdmin):
    case_path = "attachment__complaint"
    list_display = ("attachment", "by", "was_shown", "at")
    list_filter = ("was_shown",)
    list_select_related = ("attachment", "by")
    ordering = ("-pk",)


@admin.register(CaseTry)
class TryAdmin(ReadOnlyAdmin):
    list_display = ("complaint", "by", "method", "path", "at")
    list_select_related = ("complaint", "by")
    ordering = ("-pk",)

"""Mail to the complaints mailbox: what waits to be sorted first, then what became of the rest."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.admin import mail_doors
from complaints.admin.changelist import ForTheDesk
from complaints.admin.saved import SavedFilter
from complaints.admin.within import WithinDuties
from complaints.mailbox.place import is_set_up
from complaints.models import Mail, Mailbox, MailLook, MailState
from portal.kernel.dates import span


class StateFilter(SavedFilter):
    """What waits, unless something else is asked for."""

    title, parameter_name = _("state"), "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        shown = [state for state in MailState if state not in (MailState.TO_SORT, MailState.PARKED)]
        return [(state.value, state.label) for state in shown]

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        yield first | {"display": _("To sort")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(state=self.value()) if self.value() else queryset.waiting()


@admin.register(Mail)
class MailAdmin(WithinDuties, ForTheDesk):
    may_lack = True
    list_display = ("who", "subject_or_dash", "age", "why_in_words", "received_at")
    list_filter = (StateFilter,)
    list_per_page = 50
    ordering = ("received_at", "pk")
    change_list_template = "admin/complaints/mail/change_list.html"

    class Media:
        css = {"all": ("complaints/desk.css",)}

    @admin.display(description=pgettext_lazy("mail", "from"))
    def who(self, mail: Mail) -> str:
        return mail.says_who()

    @admin.display(description=_("subject"))
    def subject_or_dash(self, mail: Mail) -> str:
        return mail.subject or "–"

    @admin.display(description=_("why"))
    def why_in_words(self, mail: Mail) -> str:
        return mail.get_why_display() or mail.get_state_display()

    @admin.display(description=_("age"), ordering="received_at")
    def age(self, mail: Mail) -> str:
        return span((mail.settled_at or timezone.now()) - mail.received_at)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Mail]:
        return super().get_queryset(request).defer("text", "said", "files")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        box = Mailbox.objects.first()
        late = is_set_up() and (box is None or box.is_late(timezone.now()))
        told = {"mailbox": box, "mailbox_is_set_up": is_set_up(), "mailbox_is_late": late}
        return super().changelist_view(request, {**(extra_context or {}), **told})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return mail_doors.show(self, request, object_id)

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        own = [
            path(f"<int:pk>/{name}/", wrap(mail_doors.door(self, name)), name=f"complaints_mail_{name}")
            for name in mail_doors.DOORS
        ]
        own += [
            path("<int:pk>/raw/", wrap(mail_doors.raw(self)), name="complaints_mail_raw"),
            path("<int:pk>/files/<int:number>/", wrap(mail_doors.file(self)), name="complaints_mail_file"),
        ]
        return [*own, *super().get_urls()]


@admin.register(MailLook)
class MailLookAdmin(WithinDuties, ForTheDesk):
    case_path, may_lack = "mail__complaint", True
    list_display = ("mail", "what", "by", "was_shown", "at")
    list_filter = ("was_shown",)
    list_select_related = ("mail", "by")
    ordering = ("-pk",)

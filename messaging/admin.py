"""What platform staff see: what was told, what waits for them, and who agreed to what."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from messaging import actions
from messaging.models import ConsentEntry, DeadAddress, Dispatch, Mailing, Message, Mute
from messaging.models.message import DispatchQuerySet
from portal.kernel.looking import ReadOnlyAdmin, ReadOnlyInline


class DispatchLine(ReadOnlyInline):
    model = Dispatch
    fields = ("channel", "state", "reason", "attempts", "due_at", "sent_at", "last_error")
    readonly_fields = fields


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    """Without the values in it: what a person was told is theirs to read."""

    list_display = ["kind", "occurrence", "purpose", "person", "created_at", "read_at"]
    list_filter = ["purpose", "kind"]
    list_select_related = ["person"]
    search_fields = ["occurrence"]
    fields = ["person", "kind", "purpose", "occurrence", "url", "created_at", "read_at", "useless_after"]
    inlines = [DispatchLine]
    ordering = ["-pk"]


@admin.register(Dispatch)
class DispatchAdmin(ReadOnlyAdmin):
    """The queue of what waits for staff; "try again" gives ten more tries."""

    list_display = ["message", "channel", "state", "reason", "attempts", "due_at", "sent_at", "last_error"]
    list_filter = ["state", "channel", "reason"]
    list_select_related = ["message"]
    exclude = ["claim", "reached"]
    actions = ["try_again"]
    ordering = ["-pk"]

    @admin.action(description=_("Try again"), permissions=["retry"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Dispatch]) -> None:
        chosen = DispatchQuerySet(Dispatch).filter(pk__in=list(queryset.values_list("pk", flat=True)))
        count = actions.try_again(chosen)
        said = ngettext("%(count)d message goes out again", "%(count)d messages go out again", count)
        messages.success(request, said % {"count": count})

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("messaging.change_dispatch"))


@admin.register(ConsentEntry)
class ConsentEntryAdmin(ReadOnlyAdmin):
    list_display = [
        "person",
        "merchant_id",
        "purpose",
        "channel",
        "wanted",
        "text_version",
        "source",
        "proof",
        "said_at",
    ]
    list_filter = ["purpose", "channel", "wanted", "source"]
    list_select_related = ["person"]
    ordering = ["-pk"]


@admin.register(Mailing)
class MailingAdmin(ReadOnlyAdmin):
    list_display = ["kind", "merchant_id", "occurrence", "purpose", "chosen", "made_at", "stopped_at"]
    list_filter = ["purpose", "kind"]
    search_fields = ["occurrence", "merchant_id"]
    ordering = ["-pk"]


@admin.register(Mute)
class MuteAdmin(ReadOnlyAdmin):
    list_display = ["person", "merchant_id", "since"]
    list_select_related = ["person"]
    ordering = ["-pk"]


@admin.register(DeadAddress)
class DeadAddressAdmin(ReadOnlyAdmin):
    """Removing one lets messages go there again: the mailbox is back, or the number has a new owner."""

    list_display = ["channel", "detail", "since"]
    list_filter = ["channel"]
    exclude = ["digest"]
    ordering = ["-pk"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("messaging.delete_deadaddress"))

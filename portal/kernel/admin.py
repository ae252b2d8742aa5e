"""What platform staff see of the kernel: people (masked), deliveries that failed, jobs, and the history."""

from typing import Any

import pghistory.models
from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.kernel import people
from portal.kernel.crypto import EncryptedTextField
from portal.kernel.events import unpark
from portal.kernel.looking import ReadOnlyAdmin
from portal.kernel.models import Delivery, Job, OutboxEvent, Reveal, User
from portal.kernel.refused import Refused


class RevealForm(forms.Form):
    reason = forms.CharField(
        label=_("Why do you need it? (case number and reason)"), min_length=5, max_length=200
    )


@admin.register(User)
class PersonAdmin(admin.ModelAdmin):
    """Contacts are masked; looking at them takes a reason and leaves a row."""

    list_display = ("says", "masked_phone", "masked_email", "is_staff", "is_active", "date_joined")
    list_filter = ("is_staff", "is_active", "language")
    search_fields = ("id",)
    search_help_text = _("A whole phone number (+86…), a whole e-mail address, or the number of the person")
    ordering = ("-pk",)
    show_full_result_count = False
    fields = (
        *("says", "masked_phone", "masked_email", "language", "time_zone", "is_active"),
        *("is_staff", "is_superuser", "groups", "user_permissions", "date_joined", "last_login"),
    )
    readonly_fields = ("says", "masked_phone", "masked_email", "date_joined", "last_login")
    filter_horizontal = ("groups", "user_permissions")
    change_form_template = "admin/kernel/user/change_form.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("phone"))
    def masked_phone(self, person: User) -> str:
        return people.masked_phone(person.phone)

    @admin.display(description=_("e-mail"))
    def masked_email(self, person: User) -> str:
        return people.masked_email(person.email)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        """Sealed columns can't be searched in part; a whole number or address is found by its index."""
        return people.found_by(queryset, search_term), False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Only who has every right may give rights."""
        rights = ("is_staff", "is_superuser", "groups", "user_permissions")
        own = self.readonly_fields
        return own if request.user.is_superuser else (*own, *rights)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Only what was changed: a full save would seal everything anew and fill the history."""
        columns = [name for name in form.changed_data if name not in ("groups", "user_permissions")]
        if columns:
            obj.save(update_fields=columns)

    def get_urls(self) -> Any:
        reveal = self.admin_site.admin_view(self.reveal_view)
        return [path("<int:object_id>/reveal/", reveal, name="kernel_user_reveal"), *super().get_urls()]

    def reveal_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        person = self.get_object(request, str(object_id))
        if person is None or not self.has_view_permission(request, person):
            raise PermissionDenied
        form = RevealForm(request.POST or None)
        shown = False
        if request.method == "POST" and form.is_valid():
            try:
                people.reveal(person, by=request.user, reason=form.cleaned_data["reason"])
                shown = True
            except Refused as refusal:
                form.add_error(None, str(refusal))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Phone and e-mail"),
            "person": person,
            "form": form,
            "shown": shown,
            "opts": self.opts,
        }
        status = 422 if form.errors else 200
        return TemplateResponse(request, "admin/kernel/user/reveal.html", context, status=status)


@admin.register(Reveal)
class RevealAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "by", "person", "reason")
    list_select_related = ("by", "person")
    ordering = ("-pk",)


class StateFilter(admin.SimpleListFilter):
    title, parameter_name = _("state"), "state"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("parked", _("Parked")),
            ("failing", _("Failing")),
            ("waiting", _("Waiting")),
            ("done", _("Done")),
        ]

    def queryset(self, request: Any, queryset: Any) -> Any:
        chosen: dict[str, dict[str, Any]] = {
            "parked": {"parked_at__isnull": False},
            "failing": {"parked_at": None, "done_at": None, "attempts__gt": 0},
            "waiting": {"parked_at": None, "done_at": None},
            "done": {"done_at__isnull": False},
        }
        return queryset.filter(**chosen.get(self.value() or "", {}))


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    """What was told to whom; parked deliveries wait here for somebody to look."""

    list_display = ("event", "subscriber", "due_at", "attempts", "done_at", "parked_at", "last_error")
    list_filter = (StateFilter, "subscriber")
    list_select_related = ("event",)
    ordering = ("-pk",)
    actions = ("try_again",)

    @admin.action(description=_("Try again"), permissions=["retry"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> None:
        number = unpark(queryset)
        said = ngettext("%(n)d delivery runs again", "%(n)d deliveries run again", number) % {"n": number}
        messages.success(request, said)

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("kernel.change_delivery"))


@admin.register(OutboxEvent)
class EventAdmin(ReadOnlyAdmin):
    list_display = ("title", "created_at")
    list_filter = ("title",)
    ordering = ("-pk",)


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    list_display = ("kind", "by", "state", "done", "total", "failed_rows", "created_at", "ended_at")
    list_filter = ("state", "kind")
    list_select_related = ("by",)
    exclude = ("params", "result", "token")
    ordering = ("-pk",)


class HistoryAdmin(ReadOnlyAdmin):
    """Copies of rows as they were, with who changed them, when, and by which request; never sealed fields."""

    list_display = ("pgh_created_at", "pgh_label", "pgh_obj_id", "who")
    list_filter = ("pgh_label",)
    list_select_related = ("pgh_context",)
    ordering = ("-pgh_id",)

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> Any:
        return [f.name for f in self.opts.fields if isinstance(f, EncryptedTextField)]

    @admin.display(description=_("by"))
    def who(self, row: Any) -> str:
        facts = row.pgh_context.metadata if row.pgh_context else {}
        said = [
            f"{name}: {facts[name]}"
            for name in ("user", "address", "request", "path", "reason")
            if facts.get(name)
        ]
        return " · ".join(said)


def register_histories() -> None:
    for model in apps.get_models():
        if issubclass(model, pghistory.models.Event) and model._meta.managed and not model._meta.proxy:
            _name(model)
            admin.site.register(model, HistoryAdmin)


def _name(event: Any) -> None:
    """As “Coupons: history” in the reader's language; by itself it would be the name of a class."""
    told = event._meta
    told.verbose_name = format_lazy(_("{name}: history"), name=event.pgh_tracked_model._meta.verbose_name)
    told.verbose_name_plural = format_lazy(
        _("{name}: history"), name=event.pgh_tracked_model._meta.verbose_name_plural
    )


register_histories()

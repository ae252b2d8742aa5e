"""The staff's queue of orders of printed matter; each app registers its own."""

from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from merchants.actions.print_orders import SayWhy
from merchants.models.print_order import WAITING, OrderState, PlatformPrintOrder
from portal.kernel.forms import CleanTextMixin
from portal.kernel.looking import ReadOnlyAdmin
from portal.kernel.models import Job, User
from portal.kernel.refused import Refused


class OrderFilter(admin.SimpleListFilter):
    """What waits for us, unless a saved filter asks for something else."""

    title, parameter_name = _("queue"), "queue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [*OrderState.choices, ("all", _("All"))]

    def choices(self, changelist: Any) -> Any:
        first, *saved = super().choices(changelist)
        yield first | {"display": _("Waiting for us")}
        yield from saved

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case None:
                return queryset.filter(state__in=WAITING)
            case "all":
                return queryset
            case state:
                return queryset.filter(state=state)


class MoveForm(CleanTextMixin, forms.ModelForm):
    """Only the moves that are allowed now; the reason is for a refusal."""

    move = forms.ChoiceField(label=_("Next step"), required=False)
    because = forms.CharField(label=_("Reason (the merchant reads it)"), required=False, max_length=200)

    class Meta:
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(state, OrderState(state).label) for state in self.instance.moves]
        self.fields["move"].choices = [("", "–"), *named]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("move") == OrderState.REFUSED and not data.get("because", "").strip():
            self.add_error("because", str(SayWhy.sentence))
        return data


class PrintOrderAdmin(ReadOnlyAdmin):
    """A subclass says what moves an order and draws its sheets; going into print, they are drawn for us."""

    form = MoveForm
    list_display: Any = (
        "asked_at",
        "merchant",
        "batch_size",
        "state",
        "address",
        "asked_by",
        "moved_at",
    )
    list_filter = (OrderFilter,)
    search_fields = ("merchant__name", "address")
    list_select_related = ("merchant", "batch", "asked_by")
    ordering = ("asked_at", "pk")
    readonly_fields: ClassVar[tuple[str, ...]] = (
        *("merchant", "batch_size", "state", "address", "wish", "reason"),
        *("asked_by", "asked_at", "moved_by", "moved_at"),
    )

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*self.readonly_fields, "move", "because")

    def move(self, order: Any, to: OrderState, *, by: User, reason: str) -> Any:
        raise NotImplementedError

    def sheets(self, order: Any, *, by: User) -> Job:
        raise NotImplementedError

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm(f"{self.opts.app_label}.change_{self.opts.model_name}"))

    @admin.display(description=_("pieces"))
    def batch_size(self, order: Any) -> int:
        return int(order.batch.quantity)

    def save_model(self, request: HttpRequest, obj: PlatformPrintOrder, form: Any, change: bool) -> None:
        """The verb writes, and refuses what may not be."""
        if not form.cleaned_data["move"]:
            return
        to, by = OrderState(form.cleaned_data["move"]), cast(User, request.user)
        try:
            self.move(obj, to, by=by, reason=form.cleaned_data["because"])
        except Refused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return
        if to == OrderState.PRINTING:
            page = reverse("kernel:job", args=[self.sheets(obj, by=by).token])
            said = format_html('<a href="{}">{}</a>', page, _("The sheets are being drawn: fetch them here."))
            self.message_user(request, said)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The verb leaves its own trace."""

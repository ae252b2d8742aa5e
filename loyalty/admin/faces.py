"""Looks, printed cards and passes for platform staff: the orders of printed cards are theirs to move."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from loyalty import actions
from loyalty.admin.cards import ReadOnlyAdmin
from loyalty.models import (
    CardDesign,
    CardLook,
    CardMedium,
    CardPicture,
    DesignVersion,
    OrderState,
    PrintBatch,
    PrintOrder,
)
from portal.kernel.forms import CleanTextMixin
from portal.kernel.refused import Refused


@admin.register(CardLook)
class CardLookAdmin(ReadOnlyAdmin):
    list_display = ("merchant", "name", "face", "layout", "version", "published_by", "published_at")
    list_filter = ("face", "layout")
    search_fields = ("name", "merchant__name")
    list_select_related = ("merchant", "published_by")


@admin.register(CardDesign)
class CardDesignAdmin(ReadOnlyAdmin):
    list_display = ("merchant", "head")
    search_fields = ("merchant__name",)
    list_select_related = ("merchant", "head")


@admin.register(DesignVersion)
class DesignVersionAdmin(ReadOnlyAdmin):
    list_display = ("merchant", "number", "name", "face", "layout", "by", "saved_at")
    search_fields = ("merchant__name",)
    list_select_related = ("merchant", "by")
    ordering = ("-id",)


@admin.register(CardPicture)
class CardPictureAdmin(ReadOnlyAdmin):
    list_display = ("merchant", "stem", "width", "height", "added_by", "added_at")
    search_fields = ("merchant__name", "=stem")
    list_select_related = ("merchant", "added_by")


@admin.register(PrintBatch)
class PrintBatchAdmin(ReadOnlyAdmin):
    list_display = ("merchant", "quantity", "made_by", "made_at")
    search_fields = ("merchant__name", "=token")
    list_select_related = ("merchant", "made_by")
    ordering = ("-id",)


@admin.register(CardMedium)
class CardMediumAdmin(ReadOnlyAdmin):
    """Without the link code: whoever reads it could take the card."""

    list_display = ("number_in_groups", "kind", "merchant", "state", "card", "linked_at", "revoked_at")
    list_filter = ("kind", "state")
    search_fields = ("=number", "=card__number")
    list_select_related = ("merchant", "card")
    exclude = ("secret", "token")
    ordering = ("-id",)


class OrderFilter(admin.SimpleListFilter):
    """What waits for us, unless a saved filter asks for something else."""

    title, parameter_name = _("queue"), "queue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [*OrderState.choices, ("all", _("All"))]

    def choices(self, changelist: Any) -> Any:
        first, *saved = super().choices(changelist)
        yield first | {"display": _("Waiting for us")}
        yield from saved

    def queryset(self, request: HttpRequest, queryset: QuerySet[PrintOrder]) -> QuerySet[PrintOrder]:
        match self.value():
            case None:
                return queryset.filter(state__in=[OrderState.REQUESTED, OrderState.PRINTING])
            case "all":
                return queryset
            case state:
                return queryset.filter(state=state)


class OrderForm(CleanTextMixin, forms.ModelForm):
    """Only the moves that are allowed now; the reason is for a refusal."""

    move = forms.ChoiceField(label=_("Next step"), required=False)
    because = forms.CharField(label=_("Reason (the merchant reads it)"), required=False, max_length=200)

    class Meta:
        model = PrintOrder
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(state, OrderState(state).label) for state in self.instance.moves]
        self.fields["move"].choices = [("", "–"), *named]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("move") == OrderState.REFUSED and not data.get("because", "").strip():
            self.add_error("because", str(actions.SayWhy.sentence))
        return data


@admin.register(PrintOrder)
class PrintOrderAdmin(ReadOnlyAdmin):
    form = OrderForm
    list_display = ("asked_at", "merchant", "batch_size", "state", "address", "asked_by", "moved_at")
    list_filter = (OrderFilter,)
    search_fields = ("merchant__name", "address")
    list_select_related = ("merchant", "batch", "asked_by")
    ordering = ("asked_at", "pk")
    readonly_fields = (
        *("merchant", "batch_size", "state", "address", "wish", "reason"),
        *("asked_by", "asked_at", "moved_by", "moved_at"),
    )
    fields = (*readonly_fields, "move", "because")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("loyalty.change_printorder"))

    @admin.display(description=_("cards"))
    def batch_size(self, order: PrintOrder) -> int:
        return order.batch.quantity

    def save_model(self, request: HttpRequest, obj: PrintOrder, form: Any, change: bool) -> None:
        """The verb writes, and refuses what may not be."""
        if not form.cleaned_data["move"]:
            return
        to, because = OrderState(form.cleaned_data["move"]), form.cleaned_data["because"]
        try:
            actions.move_order(obj, to, by=request.user, reason=because)  # type: ignore[arg-type]
        except Refused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The verb leaves its own trace."""

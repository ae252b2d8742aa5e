"""Looks, printed cards and passes for platform staff: the orders of printed cards are theirs to move."""

from django.contrib import admin

from loyalty import actions
from loyalty.look.batches import sheets_job
from loyalty.models import (
    CardDesign,
    CardLook,
    CardMedium,
    CardPicture,
    DesignVersion,
    PrintBatch,
    PrintOrder,
)
from merchants.admin.print_orders import PrintOrderAdmin
from merchants.models.print_order import OrderState
from portal.kernel.looking import ReadOnlyAdmin
from portal.kernel.models import Job, User


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


@admin.register(PrintOrder)
class CardOrderAdmin(PrintOrderAdmin):
    def move(self, order: PrintOrder, to: OrderState, *, by: User, reason: str) -> None:
        actions.move_order(order, to, by=by, reason=reason)

    def sheets(self, order: PrintOrder, *, by: User) -> Job:
        return sheets_job(order.batch, by=by)

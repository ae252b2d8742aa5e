"""Coupons for platform staff: to look at, never to write. The orders of printed ones are theirs to move."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from coupons import actions
from coupons.models import (
    Coupon,
    CouponBlackout,
    CouponProgramme,
    CouponTerms,
    FlashDeal,
    PaperBatch,
    PaperOrder,
    Present,
    Redemption,
    Sighting,
)
from coupons.printing import sheets_job
from merchants.admin.print_orders import PrintOrderAdmin
from merchants.models.print_order import OrderState
from portal.kernel.looking import ReadOnlyAdmin
from portal.kernel.models import Job, User


@admin.register(CouponProgramme)
class CouponProgrammeAdmin(ReadOnlyAdmin):
    list_display = ("title", "merchant", "state", "stock", "claimed", "redeemed", "starts_at", "ends_at")
    list_filter = ("state", "kind")
    search_fields = ("title", "=token", "merchant__name")
    list_select_related = ("merchant",)


@admin.register(Coupon)
class CouponAdmin(ReadOnlyAdmin):
    list_display = ("title", "merchant", "customer", "state", "claimed_at", "valid_until")
    list_filter = ("state",)
    search_fields = ("=token", "title", "merchant__name")
    list_select_related = ("merchant", "customer")
    ordering = ("-id",)


@admin.register(Redemption)
class RedemptionAdmin(ReadOnlyAdmin):
    list_display = ("redeemed_at", "merchant", "coupon", "shop", "by", "bill", "discount", "undone_at")
    search_fields = ("=coupon__token", "merchant__name")
    list_select_related = ("merchant", "coupon", "shop", "by")
    ordering = ("-id",)


@admin.register(CouponTerms)
class CouponTermsAdmin(ReadOnlyAdmin):
    list_display = ("id", "merchant", "audience", "segment", "days", "stacks", "is_transferable", "zone")
    list_filter = ("audience", "is_transferable")
    search_fields = ("merchant__name", "=id")
    list_select_related = ("merchant",)
    ordering = ("-id",)


@admin.register(CouponBlackout)
class CouponBlackoutAdmin(ReadOnlyAdmin):
    list_display = ("merchant", "terms", "starts_on", "ends_on")
    search_fields = ("merchant__name",)
    list_select_related = ("merchant", "terms")
    ordering = ("-id",)


@admin.register(Present)
class PresentAdmin(ReadOnlyAdmin):
    """Without the token: whoever reads it could take the coupon."""

    list_display = ("merchant", "coupon", "given_by", "given_at", "taken_by", "taken_at", "withdrawn_at")
    search_fields = ("merchant__name",)
    list_select_related = ("merchant", "coupon", "given_by", "taken_by")
    exclude = ("token",)
    ordering = ("-id",)


@admin.register(PaperBatch)
class PaperBatchAdmin(ReadOnlyAdmin):
    list_display = ("programme", "merchant", "quantity", "made_by", "made_at")
    search_fields = ("=token", "=programme__token", "merchant__name")
    list_select_related = ("programme", "merchant", "made_by")
    ordering = ("-id",)


@admin.register(PaperOrder)
class PaperOrderAdmin(PrintOrderAdmin):
    list_display = (
        "asked_at",
        "merchant",
        "batch_size",
        "on_sheets",
        "state",
        "address",
        "asked_by",
        "moved_at",
    )
    readonly_fields = ("batch", "on_sheets", *PrintOrderAdmin.readonly_fields)

    @admin.display(description=_("A4 sheets"))
    def on_sheets(self, order: PaperOrder) -> int:
        return order.batch.sheets

    def move(self, order: PaperOrder, to: OrderState, *, by: User, reason: str) -> None:
        actions.move_paper_order(order, to, by=by, reason=reason)

    def sheets(self, order: PaperOrder, *, by: User) -> Job:
        return sheets_job(order.batch, by=by)


@admin.register(Sighting)
class SightingAdmin(ReadOnlyAdmin):
    list_display = ("programme", "seen_on", "via", "times")
    list_filter = ("via",)
    search_fields = ("=programme__token", "programme__merchant__name")
    list_select_related = ("programme",)
    ordering = ("-id",)


@admin.register(FlashDeal)
class FlashDealAdmin(ReadOnlyAdmin):
    list_display = ("programme", "merchant", "made_at")
    search_fields = ("=programme__token", "merchant__name")
    list_select_related = ("programme", "merchant")
    ordering = ("-id",)

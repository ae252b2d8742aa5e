"""Coupons for platform staff: to look at, never to write."""

from django.contrib import admin

from coupons.models import (
    Coupon,
    CouponBlackout,
    CouponProgramme,
    CouponTerms,
    FlashDeal,
    PaperBatch,
    Present,
    Redemption,
    Sighting,
)
from loyalty.admin import ReadOnlyAdmin


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
    list_display = ("id", "merchant", "audience", "days", "stacks", "is_transferable", "zone")
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

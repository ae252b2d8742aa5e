"""Coupons as platform staff see them: to look things up, not to change what merchants promised."""

from django.contrib import admin
from django.http import HttpRequest

from coupons.models import Coupon, CouponProgramme, Redemption


class LookOnly(admin.ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(CouponProgramme)
class CouponProgrammeAdmin(LookOnly):
    list_display = ("title", "merchant", "state", "claimed", "redeemed", "stock", "ends_at")
    list_filter = ("state", "kind")
    search_fields = ("title", "token", "merchant__name")
    list_select_related = ("merchant",)


@admin.register(Coupon)
class CouponAdmin(LookOnly):
    list_display = ("token", "title", "merchant", "customer", "state", "valid_until")
    list_filter = ("state",)
    search_fields = ("token", "merchant__name")
    list_select_related = ("merchant", "customer")
    show_full_result_count = False


@admin.register(Redemption)
class RedemptionAdmin(LookOnly):
    list_display = ("redeemed_at", "merchant", "shop", "coupon", "bill", "discount", "by", "undone_at")
    search_fields = ("coupon__token", "merchant__name")
    list_select_related = ("merchant", "shop", "coupon", "by")
    show_full_result_count = False

"""Purchases for platform staff: to look at, never to write."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from loyalty.admin import ReadOnlyAdmin
from orders.models import Purchase, PurchaseLine
from portal.kernel.money import format_money


class LineInline(admin.TabularInline):
    model = PurchaseLine
    fields = readonly_fields = ("said", "quantity", "amount", "discount")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Purchase)
class PurchaseAdmin(ReadOnlyAdmin):
    list_display = ("made_at", "merchant", "shop", "customer", "amount", "points", "by", "undone_at")
    list_filter = (("undone_at", admin.EmptyFieldListFilter),)
    search_fields = ("=token", "merchant__name", "shop__name")
    list_select_related = ("merchant", "shop", "customer", "by")
    date_hierarchy = "made_at"
    ordering = ("-id",)
    inlines = (LineInline,)

    @admin.display(ordering="paid")
    def amount(self, purchase: Purchase) -> str:
        return format_money(purchase.paid, exact=True)

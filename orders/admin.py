"""Purchases for platform staff: to look at, never to write."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from orders import actions
from orders.models import OfflineUse, Payment, PaymentNotice, Purchase, PurchaseLine, Return, Saving
from portal.kernel.looking import ReadOnlyAdmin, ReadOnlyInline
from portal.kernel.money import format_money


class LineInline(ReadOnlyInline):
    model = PurchaseLine
    fields = readonly_fields = ("said", "quantity", "amount", "discount")


class SavingInline(LineInline):
    model = Saving  # type: ignore[assignment]
    fields = readonly_fields = ("kind", "amount", "said", "entry")


@admin.register(Purchase)
class PurchaseAdmin(ReadOnlyAdmin):
    list_display = ("made_at", "merchant", "shop", "customer", "amount", "points", "by", "undone_at")
    list_filter = (("undone_at", admin.EmptyFieldListFilter),)
    search_fields = ("=token", "merchant__name", "shop__name")
    list_select_related = ("merchant", "shop", "customer", "by")
    date_hierarchy = "made_at"
    ordering = ("-id",)
    inlines = (
        LineInline,
        SavingInline,
    )

    @admin.display(ordering="paid")
    def amount(self, purchase: Purchase) -> str:
        return format_money(purchase.paid, exact=True)


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin):
    """The queue is ``paid, to be given back``: staff send the money back and write it down here."""

    list_display = ("asked_at", "merchant", "card", "money", "gateway", "state", "problem", "settled_at")
    list_filter = ("state", "gateway")
    search_fields = ("=token", "merchant__name")
    list_select_related = ("merchant", "card")
    ordering = ("-id",)
    actions = ("gave_back",)

    @admin.display(description=_("amount"), ordering="amount")
    def money(self, payment: Payment) -> str:
        return format_money(payment.amount, exact=True)

    @admin.action(description=_("The money was sent back"), permissions=["give_back"])
    def gave_back(self, request: HttpRequest, payments: Any) -> None:
        for payment in payments:
            actions.give_back(payment, by=request.user)  # type: ignore[arg-type]

    def has_give_back_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("orders.change_payment"))


@admin.register(PaymentNotice)
class PaymentNoticeAdmin(ReadOnlyAdmin):
    list_display = ("came_at", "gateway", "event", "token", "paid", "amount", "currency", "verdict")
    list_filter = ("gateway", ("verdict", admin.EmptyFieldListFilter))
    search_fields = ("=token", "=event")
    ordering = ("-id",)


@admin.register(Return)
class ReturnAdmin(ReadOnlyAdmin):
    list_display = (
        "made_at",
        "merchant",
        "shop",
        "customer",
        "paid_back",
        "points",
        "of_sale",
        "by",
        "reason",
    )
    search_fields = ("merchant__name", "shop__name", "=line__purchase__token")
    list_select_related = ("merchant", "shop", "customer", "by", "line__purchase")
    date_hierarchy = "made_at"
    ordering = ("-id",)

    @admin.display(description=_("purchase"))
    def of_sale(self, taken: Return) -> str:
        return taken.line.purchase.token if taken.line else ""

    @admin.display(ordering="amount", description=_("paid back"))
    def paid_back(self, taken: Return) -> str:
        return format_money(taken.amount, exact=True)


@admin.register(OfflineUse)
class OfflineUseAdmin(ReadOnlyAdmin):
    """What tills took on trust; the rules behind it are each owner's."""

    list_display = ("used_at", "merchant", "shop", "by", "code", "bill", "given", "state", "decided_by")
    list_filter = ("state",)
    search_fields = ("=code", "merchant__name")
    list_select_related = ("merchant", "shop", "by", "decided_by")
    ordering = ("-id",)

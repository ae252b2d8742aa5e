"""Member cards for platform staff: to look at, never to write. A ledger is put right by counter-entries."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from loyalty.models import (
    Account,
    Approval,
    Brought,
    Card,
    CardKey,
    CardMerge,
    Entry,
    Hold,
    ImportRow,
    MemberExport,
    MemberImport,
    Pin,
    PinChange,
    PinTry,
    Programme,
    Refund,
    RetiredCode,
    StoredValueTerms,
    TopUp,
)
from loyalty.value.liability import SIGNS, signs_of, with_liability
from loyalty.value.prepaid import merchant_cap
from portal.kernel.looking import ReadOnlyAdmin, ReadOnlyInline
from portal.kernel.money import format_money


@admin.register(Programme)
class ProgrammeAdmin(ReadOnlyAdmin):
    list_display = ("name", "merchant", "points_per_unit", "points_expire_months", "is_open")
    list_filter = ("is_open",)
    search_fields = ("name", "merchant__name")
    list_select_related = ("merchant",)


class AccountInline(ReadOnlyInline):
    model = Account
    fields = readonly_fields = ("kind", "balance")


@admin.register(Card)
class CardAdmin(ReadOnlyAdmin):
    list_display = ("number_in_groups", "merchant", "customer", "state", "joined_at", "last_used_at")
    list_filter = ("state",)
    search_fields = ("=number", "=token", "merchant__name")
    list_select_related = ("merchant", "customer")
    inlines = (AccountInline,)


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "merchant", "account", "kind", "amount", "shop", "by", "document")
    list_filter = ("kind",)
    search_fields = ("=account__card__number", "=document")
    list_select_related = ("merchant", "account__card", "shop", "by")
    ordering = ("-id",)


@admin.register(RetiredCode)
class RetiredCodeAdmin(ReadOnlyAdmin):
    list_display = ("number", "card", "merchant", "by", "retired_at")
    search_fields = ("number", "card__number")
    list_select_related = ("card", "merchant", "by")


@admin.register(Hold)
class HoldAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "merchant", "account", "amount", "expires_at", "captured_by", "released_at")
    search_fields = ("=account__card__number",)
    list_select_related = ("merchant", "account", "captured_by")


@admin.register(StoredValueTerms)
class StoredValueTermsAdmin(ReadOnlyAdmin):
    """Who owes how much to holders of cards, the most first, with the signs that it may not be paid back."""

    list_display = ("programme", "merchant", "owes", "limit", "signs", "is_on", "closing_on")
    list_filter = ("is_on", ("closing_on", admin.EmptyFieldListFilter))
    search_fields = ("programme__merchant__name",)
    list_select_related = ("programme__merchant",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return with_liability(super().get_queryset(request), timezone.now()).order_by("-owed", "pk")

    @admin.display(description=_("merchant"))
    def merchant(self, terms: StoredValueTerms) -> str:
        return terms.programme.merchant.name

    @admin.display(description=_("owes"), ordering="owed")
    def owes(self, terms: Any) -> str:
        return format_money(terms.owed)

    @admin.display(description=_("limit for all cards"))
    def limit(self, terms: StoredValueTerms) -> str:
        cap = merchant_cap(terms)
        return "" if cap is None else format_money(cap)

    @admin.display(description=_("signs of trouble"))
    def signs(self, terms: Any) -> str:
        return " · ".join(str(SIGNS[sign]) for sign in signs_of(terms, timezone.now()))


@admin.register(TopUp)
class TopUpAdmin(ReadOnlyAdmin):
    list_display = ("made_at", "merchant", "card", "paid", "bonus", "channel", "shop", "by", "undone_at")
    list_filter = ("channel", ("undone_at", admin.EmptyFieldListFilter))
    search_fields = ("=card__number", "=token")
    list_select_related = ("merchant", "card", "shop", "by")
    ordering = ("-id",)


@admin.register(Refund)
class RefundAdmin(ReadOnlyAdmin):
    list_display = (
        "asked_at",
        "merchant",
        "card",
        "why",
        "left",
        "amount",
        "paid_at",
        "paid_how",
    )
    list_filter = ("why", ("paid_at", admin.EmptyFieldListFilter))
    search_fields = ("=card__number",)
    list_select_related = ("merchant", "card")
    ordering = ("-id",)


@admin.register(MemberImport)
class MemberImportAdmin(ReadOnlyAdmin):
    """The file itself is sealed and shown to nobody here."""

    list_display = ("created_at", "merchant", "name", "state", "by", "confirmed_by", "undone_by")
    list_filter = ("state",)
    search_fields = ("=token", "merchant__name")
    list_select_related = ("merchant", "by", "confirmed_by", "undone_by")
    exclude = ("content",)


@admin.register(ImportRow)
class ImportRowAdmin(ReadOnlyAdmin):
    list_display = ("batch", "number", "outcome", "state", "card", "points", "principal", "bonus")
    list_filter = ("outcome", "state")
    search_fields = ("=batch__token", "=card__number")
    list_select_related = ("batch", "card")
    exclude = ("sealed",)
    ordering = ("-id",)


@admin.register(Brought)
class BroughtAdmin(ReadOnlyAdmin):
    list_display = ("card", "merchant", "number", "level")
    search_fields = ("=number", "=card__number")
    list_select_related = ("card", "merchant")
    exclude = ("birthday",)


@admin.register(CardMerge)
class CardMergeAdmin(ReadOnlyAdmin):
    list_display = ("merged_at", "merchant", "gone", "kept", "by", "reason")
    search_fields = ("=gone__number", "=kept__number")
    list_select_related = ("merchant", "gone", "kept", "by")


@admin.register(MemberExport)
class MemberExportAdmin(ReadOnlyAdmin):
    list_display = ("at", "merchant", "by", "asked")
    search_fields = ("merchant__name",)
    list_select_related = ("merchant", "by")


@admin.register(Approval)
class ApprovalAdmin(ReadOnlyAdmin):
    """Who agreed to what, when, and what it was used for."""

    list_display = (
        "asked_at",
        "merchant",
        "card",
        "value",
        "amount",
        "way",
        "used_amount",
        "used_at",
        "used_by",
    )
    list_filter = ("value", "way", "is_exact")
    search_fields = ("=card__number", "=token")
    list_select_related = ("merchant", "card", "used_by")
    ordering = ("-id",)


@admin.register(Pin)
class PinAdmin(ReadOnlyAdmin):
    """Never the digits: whether it works, is locked, or cools off."""

    list_display = ("card", "merchant", "set_at", "spends_from", "locked_until", "shut_at")
    fields = ("card", "merchant", "set_at", "spends_from", "wrong", "locks", "locked_until", "shut_at")
    search_fields = ("=card__number",)
    list_select_related = ("card", "merchant")


@admin.register(PinTry)
class PinTryAdmin(ReadOnlyAdmin):
    list_display = ("tried_at", "merchant", "pin", "is_right", "till", "shop")
    list_filter = ("is_right",)
    search_fields = ("=pin__card__number",)
    list_select_related = ("merchant", "pin", "till", "shop")
    ordering = ("-id",)


@admin.register(PinChange)
class PinChangeAdmin(ReadOnlyAdmin):
    list_display = ("changed_at", "merchant", "card", "by", "is_reset")
    search_fields = ("=card__number",)
    list_select_related = ("merchant", "card", "by")
    ordering = ("-id",)


@admin.register(CardKey)
class CardKeyAdmin(ReadOnlyAdmin):
    """Which phones show a card's code; never the key."""

    list_display = ("made_at", "merchant", "card", "device", "seen_at", "revoked_at")
    fields = ("merchant", "card", "device", "made_at", "seen_at", "revoked_at")
    search_fields = ("=card__number",)
    list_select_related = ("merchant", "card")
    ordering = ("-id",)

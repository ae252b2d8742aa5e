"""Visit passes for platform staff: to look at, never to write."""

from django.contrib import admin

from loyalty.models import PassOffer, PassVisit, VisitPass, WalletPass
from portal.kernel.looking import ReadOnlyAdmin


@admin.register(PassOffer)
class PassOfferAdmin(ReadOnlyAdmin):
    list_display = ("name", "merchant", "visits", "price", "months", "needs_pin", "is_on", "sold_online")
    list_filter = ("is_on", "sold_online", "needs_pin")
    search_fields = ("name", "merchant__name")
    list_select_related = ("merchant",)


@admin.register(VisitPass)
class VisitPassAdmin(ReadOnlyAdmin):
    """``lot``: visits left of visits bought."""

    list_display = ("sold_at", "merchant", "card", "name", "lot", "paid", "unearned", "shop", "undone_at")
    list_filter = (("undone_at", admin.EmptyFieldListFilter),)
    search_fields = ("=card__number", "=token")
    list_select_related = ("merchant", "card", "lot", "shop")
    ordering = ("-id",)


@admin.register(PassVisit)
class PassVisitAdmin(ReadOnlyAdmin):
    list_display = ("entry", "merchant", "visit_pass", "visits", "worth")
    search_fields = ("=visit_pass__token", "=visit_pass__card__number")
    list_select_related = ("merchant", "visit_pass", "entry")
    ordering = ("-id",)


@admin.register(WalletPass)
class WalletPassAdmin(ReadOnlyAdmin):
    """What the wallets could not be told stands on top: parked after ten tries, until the card changes."""

    list_display = ("medium", "merchant", "changed_at", "due_at", "attempts", "parked_at", "last_error")
    list_filter = (("parked_at", admin.EmptyFieldListFilter), "medium__kind")
    search_fields = ("=medium__card__number", "merchant__name")
    list_select_related = ("merchant", "medium")
    exclude = ("secret",)
    ordering = ("-attempts", "-pk")

"""Merchants and shops as platform staff see them: to find, to look at, to suspend."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from merchants import actions
from merchants.models import CustomerMerge, Merchant, Shop, StaffMember, Suspension
from portal.kernel.forms import clean_text
from portal.kernel.looking import ReadOnlyAdmin, ReadOnlyInline
from portal.kernel.refused import Refused


class TeamInline(ReadOnlyInline):
    model = StaffMember
    fields = ("user", "role", "joined_at", "left_at")
    extra = 0

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("user")


class ReasonForm(ActionForm):
    """The choice of what to do with the marked rows, and why."""

    reason = forms.CharField(label=gettext_lazy("Reason"), required=False, max_length=500)


@admin.register(Merchant)
class MerchantAdmin(ReadOnlyAdmin):
    """Suspending takes all shops of a merchant off the map at once; lifting it puts them back."""

    list_display = ("name", "slug", "shop_count", "created_at", "suspended_at")
    list_filter = (("suspended_at", admin.EmptyFieldListFilter),)
    search_fields = ("name", "name_en", "slug")
    ordering = ("-created_at", "-pk")
    fields = ("name", "name_en", "slug", "created_at", "suspended_at")
    inlines = (TeamInline,)
    actions = ("suspend", "lift_suspension")
    action_form = ReasonForm

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(shops_here=Count("shops"))

    @admin.display(description=gettext_lazy("shops"), ordering="shops_here")
    def shop_count(self, merchant: Merchant) -> int:
        return int(getattr(merchant, "shops_here", 0))

    def has_suspend_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("merchants.change_merchant")

    @admin.action(description=gettext_lazy("Suspend: take their shops off the map"), permissions=["suspend"])
    def suspend(self, request: HttpRequest, chosen: QuerySet[Merchant]) -> None:
        reason = clean_text(request.POST.get("reason", ""))[:500]
        try:
            for merchant in chosen.order_by("pk"):
                actions.suspend_merchant(merchant, by=request.user, reason=reason)  # type: ignore[arg-type]
            self.message_user(request, _("Suspended."), messages.SUCCESS)
        except Refused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)

    @admin.action(description=gettext_lazy("Lift the suspension"), permissions=["suspend"])
    def lift_suspension(self, request: HttpRequest, chosen: QuerySet[Merchant]) -> None:
        for merchant in chosen.order_by("pk"):
            actions.lift_suspension(merchant, by=request.user)  # type: ignore[arg-type]
        self.message_user(request, _("The shops are on the map again."), messages.SUCCESS)


@admin.register(Shop)
class ShopAdmin(ReadOnlyAdmin):
    list_display = ("name", "merchant", "category", "source", "is_listed", "published_at")
    list_filter = (
        "is_listed",
        "source",
        ("merchant", admin.EmptyFieldListFilter),
        ("suspended_at", admin.EmptyFieldListFilter),
    )
    actions = ("suspend", "lift_suspension", "reopen")
    action_form = ReasonForm
    list_select_related = ("merchant", "category")
    list_per_page = 50
    search_fields = ("slug", "name")
    ordering = ("-pk",)
    fields = (
        "name",
        "name_en",
        "merchant",
        "category",
        "slug",
        "address",
        "phone",
        "position",
        "hours",
        "time_zone",
        "source",
        "source_id",
        "source_licence",
        "published_at",
        "is_listed",
    )

    @admin.display(description=gettext_lazy("position"))
    def position(self, shop: Shop) -> str:
        """Two numbers, not a map: a map would ask a third party for its tiles."""
        return f"{shop.location.y:.6f}, {shop.location.x:.6f}" if shop.location else "–"

    def has_suspend_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("merchants.change_merchant"))

    @admin.action(description=gettext_lazy("Suspend: take it off the lists"), permissions=["suspend"])
    def suspend(self, request: HttpRequest, chosen: QuerySet[Shop]) -> None:
        reason = clean_text(request.POST.get("reason", ""))[:500]
        try:
            for shop in chosen.order_by("pk"):
                actions.suspend_shop(shop, by=request.user, reason=reason)  # type: ignore[arg-type]
            self.message_user(request, _("Suspended."), messages.SUCCESS)
        except Refused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)

    @admin.action(description=gettext_lazy("Lift the suspension"), permissions=["suspend"])
    def lift_suspension(self, request: HttpRequest, chosen: QuerySet[Shop]) -> None:
        for shop in chosen.order_by("pk"):
            actions.lift_shop_suspension(shop, by=request.user)  # type: ignore[arg-type]
        self.message_user(request, _("The shops are on the map again."), messages.SUCCESS)

    @admin.action(description=gettext_lazy("Closed by mistake: list it again"), permissions=["suspend"])
    def reopen(self, request: HttpRequest, chosen: QuerySet[Shop]) -> None:
        for shop in chosen.order_by("pk"):
            actions.reopen_shop(shop, by=request.user)  # type: ignore[arg-type]
        self.message_user(request, _("The shops are on the map again."), messages.SUCCESS)


@admin.register(Suspension)
class SuspensionAdmin(ReadOnlyAdmin):
    """Who was suspended when, by whom and why, and when it was lifted."""

    list_display = ("__str__", "reason", "by", "since", "lifted_at", "lifted_by")
    list_filter = (("lifted_at", admin.EmptyFieldListFilter),)
    list_select_related = ("merchant", "shop", "by", "lifted_by")
    ordering = ("-since", "-pk")


@admin.register(CustomerMerge)
class CustomerMergeAdmin(ReadOnlyAdmin):
    """Which records were made one, by whom and why; no names or numbers of people."""

    list_display = ("merged_at", "merchant", "gone_id", "kept_id", "by", "reason")
    list_select_related = ("merchant", "by")
    fields = ("merchant", "gone_id", "kept_id", "by", "reason", "merged_at")
    readonly_fields = fields
    ordering = ("-pk",)

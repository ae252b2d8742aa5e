"""Levels, rules, rewards and stamps: to look at, never to write."""

from django.contrib import admin

from loyalty.models import (
    Consumption,
    EarningRule,
    Level,
    LevelMove,
    LevelRule,
    PointsCampaign,
    Reward,
    RewardVoucher,
    SpendingRule,
    Stamp,
    StampCard,
    StampScheme,
    Standing,
)
from portal.kernel.looking import ReadOnlyAdmin


@admin.register(Level)
class LevelAdmin(ReadOnlyAdmin):
    list_display = ("name", "merchant", "rank", "threshold", "discount", "multiplier", "is_on")
    list_filter = ("is_on", "rank")
    search_fields = ("name", "merchant__name")
    list_select_related = ("merchant",)


@admin.register(LevelRule)
class LevelRuleAdmin(ReadOnlyAdmin):
    list_display = ("merchant", "metric", "window", "months", "grace_days", "settled_on")
    list_filter = ("metric", "window")
    search_fields = ("merchant__name",)
    list_select_related = ("merchant",)


@admin.register(Standing)
class StandingAdmin(ReadOnlyAdmin):
    list_display = ("card", "merchant", "level", "ground", "reason", "since", "until", "falls_on")
    list_filter = ("ground",)
    search_fields = ("=card__number", "merchant__name")
    list_select_related = ("card", "merchant", "level")


@admin.register(LevelMove)
class LevelMoveAdmin(ReadOnlyAdmin):
    list_display = (
        "at",
        "merchant",
        "card",
        "was",
        "now",
        "kind",
        "reached",
        "threshold",
        "reason",
        "until",
        "by",
    )
    list_filter = ("kind",)
    search_fields = ("=card__number", "merchant__name")
    list_select_related = ("card", "merchant", "was", "now", "by")
    ordering = ("-id",)


@admin.register(Consumption)
class ConsumptionAdmin(ReadOnlyAdmin):
    list_display = ("at", "merchant", "card", "amount", "visits", "points", "reverses")
    search_fields = ("=card__number", "merchant__name")
    list_select_related = ("card", "merchant", "reverses")
    ordering = ("-id",)


@admin.register(EarningRule)
class EarningRuleAdmin(ReadOnlyAdmin):
    list_display = ("merchant", "basis", "every", "each", "rounding", "weekdays")
    search_fields = ("merchant__name",)
    list_select_related = ("merchant",)


@admin.register(SpendingRule)
class SpendingRuleAdmin(ReadOnlyAdmin):
    list_display = ("merchant", "points", "worth", "minimum", "share", "is_on")
    search_fields = ("merchant__name",)
    list_select_related = ("merchant",)


@admin.register(PointsCampaign)
class PointsCampaignAdmin(ReadOnlyAdmin):
    list_display = ("name", "merchant", "starts_on", "ends_on", "multiplier", "stopped_at")
    search_fields = ("name", "merchant__name")
    list_select_related = ("merchant",)


@admin.register(Reward)
class RewardAdmin(ReadOnlyAdmin):
    list_display = ("name", "merchant", "cost", "stock", "left", "is_on")
    list_filter = ("is_on",)
    search_fields = ("name", "merchant__name")
    list_select_related = ("merchant",)


@admin.register(RewardVoucher)
class RewardVoucherAdmin(ReadOnlyAdmin):
    list_display = (
        "token",
        "merchant",
        "card",
        "name",
        "state",
        "issued_at",
        "valid_until",
        "used_at",
        "used_by",
    )
    list_filter = ("state",)
    search_fields = ("=token", "=card__number", "merchant__name")
    list_select_related = ("merchant", "card", "used_by")
    ordering = ("-id",)


@admin.register(StampScheme)
class StampSchemeAdmin(ReadOnlyAdmin):
    list_display = ("name", "merchant", "needed", "gift", "basis", "months", "is_on")
    list_filter = ("is_on", "basis")
    search_fields = ("name", "merchant__name")
    list_select_related = ("merchant",)


@admin.register(StampCard)
class StampCardAdmin(ReadOnlyAdmin):
    list_display = ("card", "merchant", "scheme", "held", "last_at")
    search_fields = ("=card__number", "merchant__name")
    list_select_related = ("merchant", "card", "scheme")


@admin.register(Stamp)
class StampAdmin(ReadOnlyAdmin):
    list_display = ("at", "merchant", "stamp_card", "count", "lapsed", "by", "shop")
    search_fields = ("=stamp_card__card__number", "merchant__name")
    list_select_related = ("merchant", "stamp_card", "by", "shop")
    ordering = ("-id",)

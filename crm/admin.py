"""What shops send, for platform staff: to look at, never to write."""

from django.contrib import admin

from crm.models import (
    Campaign,
    Greeting,
    GreetingPlan,
    Membership,
    NotedBirthday,
    OwnBirthday,
    Segment,
    Tag,
    Tagging,
)
from portal.kernel.looking import ReadOnlyAdmin


@admin.register(Campaign)
class CampaignAdmin(ReadOnlyAdmin):
    list_display = ("token", "merchant", "words", "audience", "by", "goes_at", "released_at", "stopped_at")
    list_filter = ("audience", "words")
    search_fields = ("=token", "merchant__name")
    list_select_related = ("merchant", "by")
    ordering = ("-id",)


@admin.register(GreetingPlan)
class GreetingPlanAdmin(ReadOnlyAdmin):
    list_display = ("merchant", "is_on", "days_ahead", "programme", "by")
    list_filter = ("is_on",)
    search_fields = ("merchant__name",)
    list_select_related = ("merchant", "programme", "by")
    ordering = ("-id",)


@admin.register(Greeting)
class GreetingAdmin(ReadOnlyAdmin):
    """That somebody was greeted, not when their birthday is."""

    list_display = ("merchant", "person", "made_at")
    fields = ("merchant", "person", "made_at")
    search_fields = ("merchant__name",)
    list_select_related = ("merchant", "person")
    ordering = ("-id",)


@admin.register(OwnBirthday)
class OwnBirthdayAdmin(ReadOnlyAdmin):
    """That a person has given it: the day is nobody's to look at."""

    list_display = ("person", "shown", "given_at")
    fields = ("person", "shown", "given_at")
    list_select_related = ("person",)
    ordering = ("-id",)


@admin.register(NotedBirthday)
class NotedBirthdayAdmin(ReadOnlyAdmin):
    """That a shop has noted it, and who heard the customer agree."""

    list_display = ("merchant", "customer", "by", "agreed_at")
    fields = ("merchant", "customer", "by", "agreed_at")
    search_fields = ("merchant__name",)
    list_select_related = ("merchant", "customer", "by")
    ordering = ("-id",)


@admin.register(Segment)
class SegmentAdmin(ReadOnlyAdmin):
    list_display = ("name", "merchant", "is_list", "by", "created_at", "put_away_at")
    list_filter = ("is_list",)
    search_fields = ("name", "merchant__name")
    list_select_related = ("merchant", "by")
    ordering = ("-id",)


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin):
    list_display = ("segment", "customer", "since", "until")
    search_fields = ("segment__name", "segment__merchant__name")
    list_select_related = ("segment", "customer")
    ordering = ("-id",)


@admin.register(Tag)
class TagAdmin(ReadOnlyAdmin):
    list_display = ("name", "merchant", "by", "created_at")
    search_fields = ("name", "merchant__name")
    list_select_related = ("merchant", "by")
    ordering = ("-id",)


@admin.register(Tagging)
class TaggingAdmin(ReadOnlyAdmin):
    list_display = ("tag", "merchant", "customer", "by", "at")
    search_fields = ("tag__name", "merchant__name")
    list_select_related = ("tag", "merchant", "customer", "by")
    ordering = ("-id",)

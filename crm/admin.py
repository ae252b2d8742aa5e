"""What shops send, for platform staff: to look at, never to write."""

from django.contrib import admin

from crm.models import Campaign
from loyalty.admin import ReadOnlyAdmin


@admin.register(Campaign)
class CampaignAdmin(ReadOnlyAdmin):
    list_display = ("token", "merchant", "audience", "by", "goes_at", "released_at", "stopped_at")
    list_filter = ("audience",)
    search_fields = ("=token", "merchant__name")
    list_select_related = ("merchant", "by")
    ordering = ("-id",)

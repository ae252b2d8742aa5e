"""Rows that staff may look at and that nobody changes by hand: they come about by what people do."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest


class LookOnly:
    """For an admin or an inline: nothing is added, changed or removed, by the platform's owner neither."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyAdmin(LookOnly, admin.ModelAdmin):
    """For ledgers, audit rows and everything else that the verbs write."""

    list_max_show_all = 0
    show_full_result_count = False


class ReadOnlyInline(LookOnly, admin.TabularInline):
    """Such rows on the page of what they belong to."""

    extra = 0
    can_delete = False

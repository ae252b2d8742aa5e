"""Filters that staff live by: a row of links above the list, on a phone too, not the column beside it."""

from django.contrib import admin


class SavedFilter(admin.SimpleListFilter):
    template = "admin/saved_filters.html"
    stands_above = True

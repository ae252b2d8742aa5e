"""The queue of remedies, what hands still have to do, goodwill by month, and the limits."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, DateField, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.admin.saved import SavedFilter
from complaints.admin.within import WithinDuties
from complaints.duties import seen
from complaints.models import Authority, Remedy, RemedyKind
from complaints.outsiders import nothing_here
from complaints.remedying.authority import home_zone
from portal.kernel.looking import ReadOnlyAdmin
from portal.kernel.models import User
from portal.kernel.money import MoneyField, format_money

ROWS_SHOWN = 600  # a year of a desk of fifty


class OwedFilter(SavedFilter):
    title = gettext_lazy("queue")
    parameter_name = "owed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("hand", gettext_lazy("To do by hand")),
            ("second", gettext_lazy("Waits for approval")),
            ("merchant", gettext_lazy("Waits for the merchant")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Remedy]) -> QuerySet[Remedy]:
        remedies = Remedy.objects.filter(pk__in=queryset.values("pk")) if self.value() else queryset
        if self.value() == "hand":
            return remedies.to_do_by_hand()  # type: ignore[attr-defined]
        if self.value() == "second":
            return remedies.filter(state="proposed", needs_second=True, approved_by=None)
        if self.value() == "merchant":
            return remedies.filter(state="proposed", is_goodwill=False, agreed_by=None).exclude(
                kind=RemedyKind.APOLOGY
            )
        return remedies


@admin.register(Remedy)
class RemedyAdmin(WithinDuties, ReadOnlyAdmin):
    list_display = ("case", "what", "says", "costs", "state", "proposed_by", "stuck")
    list_display_links = None
    list_filter = (OwedFilter, "state", "kind", "is_goodwill")
    list_select_related = ("complaint", "proposed_by")
    list_per_page = 100
    ordering = ("-pk",)

    class Media:
        css = {"all": ("complaints/desk.css",)}

    @admin.display(description=gettext_lazy("case"))
    def case(self, remedy: Remedy) -> SafeString:
        url = reverse("admin:complaints_complaint_change", args=[remedy.complaint_id])
        return format_html('<a href="{}#remedies">{}</a>', url, remedy.complaint.number_in_groups)

    @admin.display(description=gettext_lazy("what"), ordering="kind")
    def what(self, remedy: Remedy) -> str:
        kind = remedy.get_kind_display()
        return f"{kind} · {_('goodwill')}" if remedy.is_goodwill else kind

    @admin.display(description=gettext_lazy("worth"), ordering="worth")
    def costs(self, remedy: Remedy) -> str:
        return format_money(remedy.worth, exact=True) if remedy.worth else "–"

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.goodwill)
        return [path("goodwill/", page, name="complaints_goodwill"), *super().get_urls()]

    def goodwill(self, request: HttpRequest) -> HttpResponse:
        """Month by month, who gave how much goodwill and how often; each sum leads to its reasons."""
        if not self.has_view_permission(request):
            raise nothing_here(request)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Goodwill by month"),
            "opts": Remedy._meta,
            "months": goodwill_by_month(request.user),  # type: ignore[arg-type]
        }
        return TemplateResponse(request, "admin/complaints/remedy/goodwill.html", context)


def goodwill_by_month(reader: User) -> list[dict[str, Any]]:
    """In the cases that the reader sees, by the months that the budget goes by, wherever the reader is."""
    month = TruncMonth("proposed_at", output_field=DateField(), tzinfo=home_zone())
    given = Remedy.objects.filter(seen(reader, "complaint"), is_goodwill=True).exclude(state="dropped")
    rows = (
        given.annotate(month=month)
        .values("month", "proposed_by")
        .annotate(total=Sum("worth"), number=Count("pk"), done=Count("pk", filter=Q(state="executed")))
        .order_by("-month", "-total", "proposed_by")
    )[:ROWS_SHOWN]
    people = User.objects.in_bulk({row["proposed_by"] for row in rows})
    return [row | {"name": people[row["proposed_by"]].says()} for row in rows]


class AuthorityForm(forms.ModelForm):
    most = MoneyField(label=gettext_lazy("alone up to"))
    goodwill = MoneyField(label=gettext_lazy("goodwill a month, each"))


@admin.register(Authority)
class AuthorityAdmin(admin.ModelAdmin):
    form = AuthorityForm
    fields = ("role", "most", "goodwill")
    list_display = ("role", "alone", "goodwill_a_month")
    ordering = ("most",)

    @admin.display(description=gettext_lazy("alone up to"), ordering="most")
    def alone(self, authority: Authority) -> str:
        return format_money(authority.most)

    @admin.display(description=gettext_lazy("goodwill a month, each"), ordering="goodwill")
    def goodwill_a_month(self, authority: Authority) -> str:
        return format_money(authority.goodwill)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

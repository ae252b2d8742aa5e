"""The queue of claims to listings: look at what was said and shown, then approve or reject with a reason."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from merchants import actions
from merchants.admin.evidence import serve, shown
from merchants.models import ClaimState, ListingClaim
from portal.kernel.refused import Refused


class DecisionForm(forms.ModelForm):
    reason = forms.CharField(
        label=gettext_lazy("Reason (the claimant reads it)"), required=False, widget=forms.Textarea
    )

    class Meta:
        model = ListingClaim
        fields: tuple[str, ...] = ()


class ClaimFilter(admin.SimpleListFilter):
    """Saved filters of the queue; without one it shows every claim."""

    title, parameter_name = gettext_lazy("queue"), "queue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("new", gettext_lazy("New today")),
            ("waiting", ClaimState.WAITING.label),
            ("overdue", gettext_lazy("Overdue")),
            ("proved", gettext_lazy("Answered the listing’s phone")),
            ("disputes", gettext_lazy("Disputes")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        now = timezone.now()
        match self.value():
            case "new":
                return queryset.waiting().filter(created_at__gte=now - timedelta(days=1))
            case "waiting":
                return queryset.waiting()
            case "overdue":
                return queryset.overdue_at(now)
            case "proved":
                return queryset.waiting().exclude(proved_at=None)
            case "disputes":
                return queryset.disputes()
        return queryset


@admin.register(ListingClaim)
class ClaimAdmin(admin.ModelAdmin):
    """Oldest first; a claim is decided once, by the verb, and read-only afterwards."""

    form = DecisionForm
    change_form_template = "merchants/admin/claim.html"
    list_display = ("shop", "merchant", "against", "by", "created_at", "proved_at", "state", "decided_by")
    list_filter = (ClaimFilter, "state")
    list_select_related = ("shop", "merchant", "against", "by", "decided_by")
    list_max_show_all = 0
    search_fields = ("shop__name", "merchant__name")
    ordering = ("created_at", "pk")
    show_full_result_count = False
    readonly_fields = (
        "shop",
        "place",
        "merchant",
        "by",
        "said",
        "shown_evidence",
        "proved_at",
        "against",
        "answer",
        "holders_claim",
        "state",
        "decided_by",
        "decided_at",
        "created_at",
    )
    fields = (*readonly_fields, "reason")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("shop__category", "merchant", "by", "decided_by")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ListingClaim | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: ListingClaim | None = None) -> Any:
        decided = obj is not None and obj.state != ClaimState.WAITING
        return (*self.readonly_fields, "reason") if decided else self.readonly_fields

    @admin.display(description=gettext_lazy("place"))
    def place(self, claim: ListingClaim) -> str:
        shop = claim.shop
        return f"{shop.category.name} · {shop.address} · {shop.source} {shop.source_id}"

    @admin.display(description=gettext_lazy("the holder’s own claim"))
    def holders_claim(self, claim: ListingClaim) -> str:
        """The other side of a dispute: what the holder said and showed when the listing was given."""
        held = ListingClaim.objects.filter(shop=claim.shop, state=ClaimState.APPROVED).first()
        if claim.against_id is None or held is None:
            return "–"
        url = reverse("admin:merchants_listingclaim_change", args=[held.pk])
        return format_html('{} · <a href="{}">{}</a>', held.said, url, _("Open it"))

    @admin.display(description=gettext_lazy("evidence"))
    def shown_evidence(self, claim: ListingClaim) -> str:
        return shown(claim, "admin:merchants_listingclaim_evidence")

    def get_urls(self) -> Any:
        view = self.admin_site.admin_view(self.evidence)
        own = path("<int:claim>/evidence/", view, name="merchants_listingclaim_evidence")
        return [own, *super().get_urls()]

    def evidence(self, request: HttpRequest, claim: int) -> FileResponse:
        return serve(self, request, ListingClaim, claim)

    def save_model(self, request: HttpRequest, obj: ListingClaim, form: Any, change: bool) -> None:
        """Nothing is written here: the buttons decide, through the verb."""

    def response_change(self, request: HttpRequest, obj: ListingClaim) -> HttpResponse:
        approve = "_approve" in request.POST
        if not approve and "_reject" not in request.POST:
            return super().response_change(request, obj)
        try:
            reason = request.POST.get("reason", "").replace("\x00", "")[:2000]
            actions.decide_claim(obj, approve=approve, by=request.user, reason=reason)  # type: ignore[arg-type]
        except Refused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return HttpResponseRedirect(request.path)
        done = _("Approved. The claimant was told.") if approve else _("Rejected. The claimant was told.")
        self.message_user(request, done, messages.SUCCESS)
        return HttpResponseRedirect(
            reverse("admin:merchants_listingclaim_changelist") + "?state__exact=waiting"
        )

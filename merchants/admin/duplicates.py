"""The queue of likely duplicates: both side by side, merged with one tap or kept apart; merges undone."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from merchants import actions
from merchants.admin.claims import DecisionForm
from merchants.models import DuplicatePair, Fact, Merge, PairState
from merchants.models.merging import UNDOABLE_FOR
from merchants.trust.completeness import completeness
from merchants.trust.sources import value_in_words
from portal.kernel.dates import day
from portal.kernel.forms import clean_text
from portal.kernel.looking import ReadOnlyAdmin
from portal.kernel.refused import Refused


class PairFilter(admin.SimpleListFilter):
    """What waits, unless a saved filter asks for something else."""

    title, parameter_name = gettext_lazy("queue"), "queue"
    WANTED: dict[str, dict[str, Any]] = {
        "": {"state": PairState.WAITING},
        "likely": {"state": PairState.WAITING, "score__gte": 80},
        "phone": {"state": PairState.WAITING, "same_phone": True},
        "reported": {"state": PairState.WAITING, "is_reported": True},
        "merged": {"state": PairState.MERGED},
        "distinct": {"state": PairState.DISTINCT},
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("likely", gettext_lazy("Very likely")),
            ("phone", gettext_lazy("Same phone")),
            ("reported", gettext_lazy("Reported by visitors")),
            ("merged", gettext_lazy("Merged")),
            ("distinct", gettext_lazy("Not the same")),
        ]

    def choices(self, changelist: Any) -> Any:
        first, *saved = super().choices(changelist)
        yield first | {"display": PairState.WAITING.label}
        yield from saved

    def queryset(self, request: HttpRequest, queryset: QuerySet[DuplicatePair]) -> QuerySet[DuplicatePair]:
        return queryset.filter(**self.WANTED.get(self.value() or "", {}))


class PairForm(DecisionForm):
    class Meta:
        model = DuplicatePair
        fields: tuple[str, ...] = ()


PairForm.base_fields["reason"].label = gettext_lazy("Reason (for colleagues)")


@admin.register(DuplicatePair)
class PairAdmin(ReadOnlyAdmin):
    form = PairForm
    change_form_template = "merchants/admin/pair.html"
    list_display = ("score", "first", "second", "reasons", "is_reported", "found_at", "state")
    list_display_links = ("score", "first", "second")
    list_filter = (PairFilter,)
    list_select_related = ("first", "second")
    search_fields = ("first__name", "second__name")
    ordering = ("-score", "pk")
    readonly_fields = ("reasons", "state", "decided_by", "decided_at")
    fields = (*readonly_fields, "reason")

    def get_queryset(self, request: HttpRequest) -> Any:
        related = ("first__category", "second__category", "first__merchant", "second__merchant", "decided_by")
        return super().get_queryset(request).select_related(*related)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm("merchants.change_duplicatepair"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        decided = obj is not None and obj.state != PairState.WAITING
        return (*self.readonly_fields, "reason") if decided else self.readonly_fields

    @admin.display(description=gettext_lazy("what speaks for it"))
    def reasons(self, pair: DuplicatePair) -> str:
        return " · ".join(map(str, pair.evidence.reasons))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        pair = self.get_object(request, object_id)
        sides = side_by_side(pair) if isinstance(pair, DuplicatePair) else {}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **sides})

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Nothing is written here: the buttons decide, through the verbs."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """The verbs leave their own trace."""

    def response_change(self, request: HttpRequest, obj: DuplicatePair) -> HttpResponse:
        reason = clean_text(request.POST.get("reason", ""))[:2000]
        who: Any = request.user
        try:
            if "_distinct" in request.POST:
                actions.keep_apart(obj, by=who, reason=reason)
                done = _("Kept apart. Nobody will be asked again.")
            elif keep := {"_first": obj.first, "_second": obj.second}.get(chosen(request)):
                merge = actions.merge_pair(obj, keep, by=who, reason=reason)
                done = _("Merged: %(rows)d rows went along.") % {"rows": merge.moved_rows}
            else:
                return super().response_change(request, obj)
        except Refused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return HttpResponseRedirect(request.path)
        self.message_user(request, done, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:merchants_duplicatepair_changelist"))


def chosen(request: HttpRequest) -> str:
    return next((name for name in ("_first", "_second") if name in request.POST), "")


def side_by_side(pair: DuplicatePair) -> dict[str, Any]:
    """Each fact of both, and whether they differ."""
    both = (pair.first, pair.second)
    rows = [(fact.label, *(value_in_words(shop, fact) for shop in both)) for fact in Fact]
    rows.append((_("Belongs to"), *(str(shop.merchant or "–") for shop in both)))
    rows.append((_("Source"), *(f"{shop.source} {shop.source_id}" for shop in both)))
    rows.append((_("Complete"), *(f"{completeness(shop)} %" for shop in both)))
    return {"both": both, "rows": [(label, a, b, a != b) for label, a, b in rows]}


class UndoableFilter(admin.SimpleListFilter):
    title, parameter_name = gettext_lazy("undo"), "undo"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("possible", gettext_lazy("Can be undone")), ("done", gettext_lazy("Undone"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "possible":
            return queryset.undoable_at(timezone.now())
        return queryset.exclude(undone_at=None) if self.value() == "done" else queryset


@admin.register(Merge)
class MergeAdmin(ReadOnlyAdmin):
    list_display = ("gone", "survivor", "went_along", "by", "merged_at", "undoable_until", "undone_at")
    list_filter = (UndoableFilter,)
    list_select_related = ("gone", "survivor", "by")
    search_fields = ("gone__name", "survivor__name", "gone__slug")
    ordering = ("-merged_at", "-pk")
    fields = ("gone", "survivor", "went_along", "reason", "by", "merged_at", "undone_at", "undone_by")
    readonly_fields = ("went_along",)
    actions = ("undo",)

    def has_undo_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("merchants.change_duplicatepair"))

    @admin.display(description=gettext_lazy("went along"))
    def went_along(self, merge: Merge) -> int:
        return merge.moved_rows

    @admin.display(description=gettext_lazy("can be undone until"))
    def undoable_until(self, merge: Merge) -> str:
        until = merge.merged_at + UNDOABLE_FOR
        if merge.undone_at or until <= timezone.now():
            return "–"
        return day(until)

    @admin.action(description=gettext_lazy("Undo: both listings as before"), permissions=["undo"])
    def undo(self, request: HttpRequest, chosen: QuerySet[Merge]) -> None:
        for merge in chosen.order_by("-pk"):
            try:
                actions.undo_merge(merge, by=request.user)  # type: ignore[arg-type]
                self.message_user(request, _("Undone: %(merge)s") % {"merge": merge}, messages.SUCCESS)
            except Refused as refusal:
                self.message_user(request, f"{merge}: {refusal}", messages.ERROR)

"""The queue of reviews that were held back or reported: let them stand or take them down, with the reason."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from consumers import actions
from consumers.models import Decision, Reply, Report, Review, Rule, State
from portal.kernel.forms import clean_text
from portal.kernel.looking import ReadOnlyAdmin, ReadOnlyInline
from portal.kernel.models import User
from portal.kernel.refused import Refused

MAY_DECIDE = "consumers.moderate_review"


class WaitingFilter(admin.SimpleListFilter):
    """What waits for a decision, unless something else is asked for."""

    title, parameter_name = gettext_lazy("queue"), "queue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("held", gettext_lazy("Held back")),
            ("reported", gettext_lazy("Reported to us")),
            ("shop", gettext_lazy("Reported by the shop")),
            ("hidden", gettext_lazy("Taken down")),
            ("all", gettext_lazy("All")),
        ]

    def choices(self, changelist: Any) -> Any:
        first, *others = super().choices(changelist)
        yield first | {"display": pgettext_lazy("reviews", "Waiting")}
        yield from others

    def queryset(self, request: HttpRequest, reviews: Any) -> Any:
        wanted = self.value()
        if wanted == "all" or (wanted is None and request.GET.get("q")):
            return reviews
        if wanted == "shop":
            return reviews.filter(reported_at__isnull=False, reports__from_shop=True)
        chosen: dict[str, dict[str, Any]] = {
            "held": {"state": State.HELD},
            "reported": {"reported_at__isnull": False},
            "hidden": {"state": State.HIDDEN},
        }
        return reviews.filter(**chosen[wanted]) if wanted in chosen else reviews.waiting_for_staff()


class DecisionForm(forms.ModelForm):
    rule = forms.ChoiceField(
        label=gettext_lazy("Which rule it breaks (to take it down)"),
        choices=[("", "–"), *Rule.choices],
        required=False,
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason (writer and reporter read it)"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 400}),
    )

    class Meta:
        model = Review
        fields: tuple[str, ...] = ()


class ReportInline(ReadOnlyInline):
    model = Report
    fields = ("rule", "said", "from_shop", "by", "at", "decision")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("by", "decision")


class DecisionInline(ReadOnlyInline):
    model = Decision
    fields = ("before", "after", "rule", "said", "by", "at")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("by")


@admin.register(Review)
class ReviewAdmin(admin.ModelAdmin):
    """Oldest first; decided by the buttons, through the verb; the words themselves are nobody's to edit."""

    form = DecisionForm
    change_form_template = "consumers/admin/review.html"
    inlines = (ReportInline, DecisionInline)
    list_display = ("written_at", "shop", "stars", "beginning", "kind", "state", "held_for", "reported_at")
    list_filter = (WaitingFilter, "kind", "held_for")
    list_select_related = ("shop",)
    list_max_show_all = 0
    list_per_page = 100
    show_full_result_count = False
    search_fields = ("token", "shop__name", "shop__name_en")
    search_help_text = gettext_lazy("Address of the review, or name of the shop")
    ordering = ("written_at", "pk")
    actions = ("let_stand", "take_down_wave")
    readonly_fields = (
        *("shop", "writer", "kind", "stars", "said", "pictures", "tags", "state", "held_for"),
        *("purchase", "demoted_at", "written_at", "edited_at", "answered"),
    )
    fields = (*readonly_fields, "rule", "reason")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("shop", "person", "purchase", "reply")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) or request.user.has_perm(MAY_DECIDE)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm(MAY_DECIDE))

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(MAY_DECIDE))

    @admin.display(description=gettext_lazy("what was said"))
    def beginning(self, review: Review) -> str:
        return review.said[:60]

    @admin.display(description=gettext_lazy("writer"))
    def writer(self, review: Review) -> str:
        return review.person.says()

    @admin.display(description=gettext_lazy("photos"))
    def pictures(self, review: Review) -> str:
        rows = ((photo.full, photo.url) for photo in review.photos.all())
        return format_html_join(" ", '<a href="{}"><img src="{}" alt="" width="160"></a>', rows) or "–"

    @admin.display(description=gettext_lazy("answer"))
    def answered(self, review: Review) -> str:
        return (
            format_html("{}", review.reply.said) if isinstance(getattr(review, "reply", None), Reply) else "–"
        )

    @admin.action(description=gettext_lazy("Let stand: within the rules"), permissions=["decide"])
    def let_stand(self, request: HttpRequest, chosen: QuerySet[Review]) -> None:
        self._decide_each(request, chosen, hide=False, said=_("Within the rules"))

    @admin.action(description=gettext_lazy("Take down: part of a wave"), permissions=["decide"])
    def take_down_wave(self, request: HttpRequest, chosen: QuerySet[Review]) -> None:
        said = _("Many reviews of one shop at once, by people who had bought nothing there")
        self._decide_each(request, chosen, hide=True, rule=Rule.BURST, said=said)

    def _decide_each(self, request: HttpRequest, chosen: QuerySet[Review], **decision: Any) -> None:
        done = 0
        for review in chosen.order_by("pk"):
            try:
                actions.decide(review, by=cast(User, request.user), **decision)
                done += 1
            except Refused as refusal:
                self.message_user(request, f"{review}: {refusal}", messages.WARNING)
        self.message_user(request, _("Decided: %(count)d") % {"count": done}, messages.SUCCESS)

    def save_model(self, request: HttpRequest, obj: Review, form: Any, change: bool) -> None:
        """Nothing is written here: the buttons decide, through the verb."""

    def response_change(self, request: HttpRequest, obj: Review) -> HttpResponse:
        hide = "_hide" in request.POST
        if not hide and "_stand" not in request.POST:
            return super().response_change(request, obj)
        try:
            actions.decide(
                obj,
                hide=hide,
                rule=request.POST.get("rule", "") if request.POST.get("rule") in Rule.values else "",
                said=clean_text(request.POST.get("reason", ""))[:400],
                by=request.user,  # type: ignore[arg-type]
                seen=request.POST.get("seen", "")[:6],
            )
        except Refused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return HttpResponseRedirect(request.path)
        self.message_user(request, _("Decided. Both sides are told."), messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:consumers_review_changelist"))


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    list_display = ("at", "review", "rule", "from_shop", "by", "decision")
    list_filter = ("from_shop", "rule", ("decision", admin.EmptyFieldListFilter))
    list_select_related = ("review", "by", "decision")
    ordering = ("-pk",)

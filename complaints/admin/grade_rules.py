"""The rules that grade a case when it is filed: a change is a new version, tried on old cases before."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from complaints.admin.calendars import changed
from complaints.admin.reasons import OffersTheTree
from complaints.judging import current_rules, preview
from complaints.models import GradeRule, GradeRules
from complaints.reasons.tree import reason_tree
from portal.kernel.looking import ReadOnlyAdmin
from portal.kernel.money import MoneyField, format_money

COPIED = ("position", "reason", "came_by", "words", "amount_from", "open_from", "is_guest", "grade")
LINES = (("position", "grade"), ("reason", "came_by"), "words", ("amount_from", "open_from", "is_guest"))
TRIED = 500  # cases that a trial is shown on
TRIAL = "_preview"  # the button that shows and keeps nothing
EMPTY_ROWS = 3


class Asked(forms.NullBooleanSelect):
    """Nothing chosen means that the rule doesn't ask."""

    def __init__(self, attrs: Any = None) -> None:
        super().__init__(attrs)
        self.choices = [("unknown", "–"), ("true", _("Yes")), ("false", _("No"))]


class RuleForm(forms.ModelForm):
    amount_from = MoneyField(label=_("purchase of at least"), required=False)
    words = forms.CharField(
        label=_("one of these words"),
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
    )
    is_guest = forms.NullBooleanField(label=_("made an account just for this"), required=False, widget=Asked)

    def has_changed(self) -> bool:
        """What is copied from the version before is kept too; a row without a grade is left out."""
        return bool(self["grade"].value())

    def asks(self) -> bool:
        said = self.cleaned_data
        return any(said.get(name) not in (None, "") for name in COPIED[1:-1])


class RulesFormSet(forms.BaseInlineFormSet):
    """A new version opens with the rules of today."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        instance = kwargs.get("instance")
        if instance is None or instance.pk is None:
            kwargs["initial"] = [
                {name: getattr(rule, f"{name}_id" if name == "reason" else name) for name in COPIED}
                for rule in current_rules()
            ]
        super().__init__(*args, **kwargs)

    def written(self) -> list[Any]:
        """The forms that are rules, in the order of their places."""
        filled = [form for form in self.forms if form.has_changed() and form.is_valid()]
        return sorted(filled, key=lambda form: form.cleaned_data["position"])

    def rules(self) -> list[GradeRule]:
        return [form.instance for form in self.written()]

    def clean(self) -> None:
        super().clean()
        if any(form.errors for form in self.forms):
            return
        rules = self.written()
        if not rules or rules[-1].asks():
            raise ValidationError(_("The last rule asks for nothing, so that every case gets a grade."))

    def is_valid(self) -> bool:
        """A trial is read like the rest and never kept."""
        return super().is_valid() and TRIAL not in self.data


class Rules(OffersTheTree, admin.StackedInline):
    """Stacked: every field has its name beside it, and a phone shows all of them."""

    model = GradeRule
    form = RuleForm
    formset = RulesFormSet
    fields = LINES
    ordering = ("position",)

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 0 if obj else len(current_rules()) + EMPTY_ROWS

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return LINES if obj is None else (*LINES[:-1], ("amount", "open_from", "of_guest"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return () if obj is None else ("amount", "of_guest")

    @admin.display(description=_("purchase of at least"))
    def amount(self, rule: GradeRule) -> str:
        return "–" if rule.amount_from is None else format_money(rule.amount_from)

    @admin.display(description=_("made an account just for this"))
    def of_guest(self, rule: GradeRule) -> str:
        return {True: gettext("Yes"), False: gettext("No"), None: "–"}[rule.is_guest]


@admin.register(GradeRules)
class GradeRulesAdmin(ReadOnlyAdmin):
    list_display = ("__str__", changed, "by", "at")
    list_select_related = ("by",)
    ordering = ("-pk",)
    inlines = (Rules,)
    add_form_template = "admin/complaints/graderules/new.html"

    class Media:
        css = {"all": ("complaints/desk.css",)}

    def get_fields(self, request: HttpRequest, obj: GradeRules | None = None) -> Any:
        return (changed,) if obj else ("why",)

    def get_readonly_fields(self, request: HttpRequest, obj: GradeRules | None = None) -> Any:
        return (changed,) if obj else ()

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("complaints.add_graderules")

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """With a trial: what the rules as typed would do to the latest cases."""
        formset = context["inline_admin_formsets"][0].formset if context["inline_admin_formsets"] else None
        if TRIAL in request.POST and formset is not None and not context["errors"]:
            context["told"] = preview(formset.rules(), reason_tree(), reader=request.user, count=TRIED)  # type: ignore[arg-type]
        context["tried"] = TRIED
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: GradeRules, form: Any, change: bool) -> None:
        obj.by = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)

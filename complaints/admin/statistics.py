"""The figures for staff: on a page, as CSV or workbook, and a month as PDF."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_safe

from complaints.duties import as_rows
from complaints.figures import OURS, Grain, Scope, month_of, sources
from complaints.models import Complaint
from complaints.outsiders import nothing_here
from complaints.reasons.field import ReasonField
from complaints.reporting import Figures, figures_of, head, rows
from merchants.models import Merchant
from merchants.sheets import made_of
from portal.kernel.models import User
from portal.kernel.sheets import csv_lines, workbook

SHOWN_DAYS = 365
LONGEST_DAYS = 366 * 20
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DATE = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})  # the one form that browsers read


class ScopeForm(forms.Form):
    begins = forms.DateField(label=gettext_lazy("First day"), widget=DATE)
    until = forms.DateField(label=gettext_lazy("Last day"), widget=DATE)
    grain = forms.ChoiceField(label=gettext_lazy("Cut"), choices=Grain, required=False)
    merchant = forms.SlugField(label=gettext_lazy("Merchant (its address)"), required=False)
    category = forms.CharField(label=gettext_lazy("Category"), max_length=80, required=False)
    reason = ReasonField(
        label=pgettext_lazy("complaint", "Reason"),
        empty=gettext_lazy("All"),
        also_retired=True,
        required=False,
    )
    source = forms.ChoiceField(label=gettext_lazy("Source"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(name, name) for name in sources()]
        self.fields["source"].choices = [("", _("All")), (OURS, _("Reported here")), *known]  # type: ignore[attr-defined]

    def clean_merchant(self) -> int | None:
        slug = self.cleaned_data["merchant"]
        if not slug:
            return None
        found = Merchant.objects.filter(slug=slug).values_list("pk", flat=True).first()
        if found is None:
            raise forms.ValidationError(_("No merchant has this address."))
        return found

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        begins, until = said.get("begins"), said.get("until")
        if begins and until and not timedelta() <= until - begins <= timedelta(days=LONGEST_DAYS):
            raise forms.ValidationError(_("The end lies before the beginning, or too far behind it."))
        return said

    def scope(self, reader: User) -> Scope:
        said = self.cleaned_data
        return Scope(
            begins=said["begins"],
            ends=said["until"] + timedelta(days=1),
            grain=said["grain"] or Grain.MONTH,
            merchant=said["merchant"],
            category=said["category"],
            reason=said["reason"],
            source=said["source"],
            duties=as_rows(reader),
        )


def last_year() -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "begins": (today - timedelta(days=SHOWN_DAYS)).replace(day=1),
        "until": today,
        "grain": Grain.MONTH.value,
    }


@require_safe
def show(request: HttpRequest) -> HttpResponseBase:
    """What is asked for; with nothing asked, the last twelve months."""
    if not request.user.has_perm("complaints.view_complaint"):
        raise nothing_here(request)
    form = ScopeForm(request.GET if "begins" in request.GET else last_year())
    told = figures_of(form.scope(request.user)) if form.is_valid() else None  # type: ignore[arg-type]
    make = FILES.get(request.GET.get("format", ""))
    if told and make:
        return make(told)
    asked = request.GET.copy()
    asked.pop("format", None)
    month = month_of(timezone.localdate().replace(day=1) - timedelta(days=1))
    context = {
        **admin.site.each_context(request),
        "title": _("Complaints in figures"),
        "opts": Complaint._meta,
        "form": form,
        "told": told,
        "query": asked.urlencode() or f"begins={form['begins'].value()}&until={form['until'].value()}",
        "month": month,
        "month_until": month.ends - timedelta(days=1),
    }
    status = 200 if told else 422
    return TemplateResponse(request, "admin/complaints/complaint/figures.html", context, status=status)


def _named(told: Figures, ending: str) -> dict[str, str]:
    name = f"complaints-{told.scope.begins}-{told.scope.ends - timedelta(days=1)}.{ending}"
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store, private"}


def _csv(told: Figures) -> HttpResponseBase:
    lines = csv_lines(head(), rows(told))
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=_named(told, "csv"))


def _xlsx(told: Figures) -> HttpResponse:
    content = workbook(_("Complaints in figures"), head(), rows(told))
    return HttpResponse(content, content_type=XLSX, headers=_named(told, "xlsx"))


def _pdf(told: Figures) -> HttpResponse:
    last = told.scope.ends - timedelta(days=1)
    html = render_to_string("complaints/print_figures.html", {"told": told, "last": last})
    content = made_of(html, "complaints/print.css")
    return HttpResponse(content, content_type="application/pdf", headers=_named(told, "pdf"))


FILES = {"csv": _csv, "xlsx": _xlsx, "pdf": _pdf}

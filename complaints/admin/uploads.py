"""Old cases by a page: a file, what its columns and words mean, a trial, and the job that takes it in."""

from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from complaints import actions
from complaints.importing.columns import HEADINGS, NEEDED
from complaints.importing.uploads import Sighted, meant, sighted
from complaints.models import CaseFile, CaseImport
from complaints.reasons.field import ReasonField
from complaints.reasons.tree import reason_tree
from merchants.importing.report import Report
from portal.kernel.forms import CleanTextMixin, KeyedForm
from portal.kernel.refused import Refused
from portal.kernel.web.jobs import facts_of

MAY_IMPORT = "complaints.add_caseimport"
TROUBLES_SHOWN = 20
ABOUT = "admin/complaints/caseimport/{}.html"
LABELS = {
    "number": pgettext_lazy("old case", "Number"),
    "filed": pgettext_lazy("old case", "Reported"),
    "ended": pgettext_lazy("old case", "Ended"),
    "category": pgettext_lazy("old case", "Category"),
    "about": pgettext_lazy("old case", "What it was about"),
    "area": pgettext_lazy("old case", "Part of town"),
    "merchant": gettext_lazy("Merchant (its address)"),
    "reason": pgettext_lazy("complaint", "Reason"),
}


class FileForm(KeyedForm):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CSV or Excel workbook, also gzipped, up to 20,000 rows"),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx,.gz,text/csv"}),
    )
    source = forms.CharField(
        label=gettext_lazy("Short name of where the cases come from"),
        max_length=40,
        help_text=gettext_lazy("The same name again brings the same cases up to date."),
    )
    zone = forms.CharField(
        label=gettext_lazy("Time zone of the file’s times"),
        max_length=40,
        initial=settings.HOME_TIME_ZONE,
        help_text=gettext_lazy("For example Asia/Shanghai or America/New_York"),
    )

    def clean_zone(self) -> ZoneInfo:
        if self.cleaned_data["zone"] not in available_timezones():
            raise forms.ValidationError(_("There is no such time zone; write one such as Asia/Shanghai."))
        return ZoneInfo(self.cleaned_data["zone"])


class MeaningForm(CleanTextMixin):
    """One choice of column for each of our fields, one of our reasons for each frequent word of the file."""

    def __init__(self, *args: Any, file: CaseFile, table: Sighted, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        columns = [("", _("not in the file")), *((name, name) for name in dict.fromkeys(table.headings))]
        for name, label in LABELS.items():
            self.fields[name] = forms.ChoiceField(
                label=label,
                choices=columns,
                required=name in NEEDED,
                initial=table.columns.get(name, ""),
            )
        tree = reason_tree()
        self.words = {f"word-{place}": said for place, said in enumerate(table.words())}
        for place, (word, _count) in self.words.items():
            begins = file.reasons.get(word) or meant(word, tree)
            self.fields[place] = ReasonField(label=word, also_retired=True, initial=begins)

    def of_columns(self) -> list[Any]:
        return [self[name] for name in LABELS]

    def of_words(self) -> list[tuple[Any, int]]:
        return [(self[place], count) for place, (_word, count) in self.words.items()]

    def chosen(self) -> dict[str, dict[str, str]]:
        """What isn't in the file is left out even where a heading looks like it."""
        said = self.cleaned_data
        return {
            "columns": {name: said[name] or "-" for name in HEADINGS},
            "reasons": {word: said[place] for place, (word, _count) in self.words.items()},
        }


def _allowed(request: HttpRequest) -> None:
    if not request.user.has_perm(MAY_IMPORT):
        raise PermissionDenied


def upload(request: HttpRequest) -> HttpResponse:
    _allowed(request)
    form, status = FileForm.fresh(), 200
    if request.method == "POST":
        form, status = FileForm(request.POST, request.FILES), 422
        if form.is_valid():
            try:
                return redirect("admin:complaints_file", _uploaded(request, form).token)
            except Refused as refusal:
                form.add_error("file", str(refusal))
    return _page(request, "upload", _("Old cases from a file"), status, form=form)


def _uploaded(request: HttpRequest, form: FileForm) -> CaseFile:
    said = dict(form.cleaned_data)
    file = said.pop("file")
    return actions.upload_cases(file.read(), name=file.name, by=request.user, **said)  # type: ignore[arg-type]


def one(request: HttpRequest, token: str) -> HttpResponse:
    """The file of whoever uploaded it: what it means; once it is being taken in, how far that is."""
    _allowed(request)
    file = get_object_or_404(CaseFile.objects.select_related("job"), token=token, by=request.user)
    if file.job:
        return _page(request, "taking", file.name, 200, file=file, **_of_job(file))
    table, report, status = sighted(file), None, 200
    form = MeaningForm(request.POST or None, file=file, table=table)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                if "take" in request.POST:
                    actions.start_taking_in(file, by=request.user, **form.chosen())  # type: ignore[arg-type]
                    return redirect("admin:complaints_file", token)
                report = actions.try_cases(file, moment=timezone.now(), **form.chosen())
                status = 200
            except Refused as refusal:
                form.add_error(None, str(refusal))
    return _page(request, "file", file.name, status, file=file, form=form, **_tried(report))


def _of_job(file: CaseFile) -> dict[str, Any]:
    """Without the job's own title: the page is the file's."""
    return {name: fact for name, fact in facts_of(file.job).items() if name != "title"}  # type: ignore[arg-type]


def _tried(report: Report | None) -> dict[str, Any]:
    if report is None:
        return {"report": None}
    return {
        "report": report,
        "why": report.reasons().most_common(),
        "troubles": report.refused[:TROUBLES_SHOWN],
    }


def _page(request: HttpRequest, name: str, title: str, status: int, **facts: Any) -> HttpResponse:
    context = {**admin.site.each_context(request), "title": title, "opts": CaseImport._meta, **facts}
    return TemplateResponse(request, ABOUT.format(name), context, status=status)

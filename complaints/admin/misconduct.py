"""Misconduct reports in the admin: for those who handle them; to everybody else they don't exist."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from complaints import actions
from complaints.confidential import handles_misconduct
from complaints.models import MisconductReport
from complaints.outsiders import nothing_here
from complaints.said import WordsForm
from merchants.models import StaffMember
from portal.kernel.looking import ReadOnlyAdmin
from portal.kernel.models import User
from portal.kernel.refused import Refused


@admin.register(MisconductReport)
class MisconductAdmin(ReadOnlyAdmin):
    keeps_own_book = True  # each look and each try at a report is a row of its own, not for the desk to read
    list_display = ("__str__", "conduct", "shop", "filed_at", "closed_at")
    list_select_related = ("shop",)
    list_per_page = 50
    ordering = ("closed_at", "filed_at")

    class Media:
        css = {"all": ("complaints/desk.css",)}

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return handles_misconduct(request.user)  # type: ignore[arg-type]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[MisconductReport]:
        """Not one's own, nor those about the businesses where one works."""
        works = StaffMember.objects.current().filter(user=request.user.pk).values("merchant")
        others = super().get_queryset(request).exclude(person=request.user)
        return others.exclude(shop__merchant__in=works)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise nothing_here(request)
        return super().changelist_view(request, extra_context)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        raise nothing_here(request)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        report = self._report(request, object_id)
        form, status = WordsForm.fresh(), 200
        if request.method == "POST":
            form, status = WordsForm(request.POST), 422
            if form.is_valid():
                try:
                    _say(request, report, form)
                    return redirect("admin:complaints_misconductreport_change", report.pk)
                except Refused as refusal:
                    form.add_error(None, str(refusal))
        return self._page(request, report, form, status)

    def _report(self, request: HttpRequest, pk: str) -> MisconductReport:
        found = MisconductReport.objects.select_related("shop", "person").filter(pk=pk if pk.isdigit() else 0)
        report = found.first()
        if report is None:
            raise nothing_here(request)
        if not actions.look_at_misconduct(report, by=request.user):  # type: ignore[arg-type]
            raise Http404
        return report

    def _page(
        self, request: HttpRequest, report: MisconductReport, form: WordsForm, status: int
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("Confidential report %(number)s") % {"number": report.number_in_groups},
            "opts": MisconductReport._meta,
            "media": self.media,
            "report": report,
            "replies": report.replies.select_related("by").order_by("pk"),
            "notes": report.notes.select_related("by").order_by("pk"),
            "form": form,
        }
        template = "admin/complaints/misconductreport/case.html"
        return TemplateResponse(request, template, context, status=status)


def _say(request: HttpRequest, report: MisconductReport, form: WordsForm) -> None:
    by: User = request.user  # type: ignore[assignment]
    said, moment, button = form.cleaned_data, timezone.now(), request.POST.get("as")
    if button in ("answer", "close"):
        actions.answer_misconduct(report, by=by, moment=moment, closes=button == "close", **said)
    else:  # what nobody chose to send stays among colleagues
        actions.note_misconduct(report, by=by, moment=moment, **said)

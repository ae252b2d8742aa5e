"""Reporting misconduct, and following the report: the person alone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from complaints import actions
from complaints.models import MisconductReport
from complaints.said import WordsForm
from complaints.web.forms import MisconductForm
from merchants.models import Shop
from portal.kernel.access import SignedInRequest, allow, signed_in
from portal.kernel.refused import Refused
from portal.kernel.web import render_page


def _shop(request: HttpRequest) -> Shop | None:
    asked = request.GET.get("shop")
    return get_object_or_404(Shop, slug=asked) if asked else None


@allow(GET=signed_in, POST=signed_in)
def report(request: SignedInRequest) -> HttpResponse:
    form, status, shop = MisconductForm.fresh(), 200, _shop(request)
    if request.method == "POST":
        form, status = MisconductForm(request.POST), 422
        if form.is_valid():
            try:
                filed = actions.report_misconduct(
                    request.user, shop=shop, moment=timezone.now(), **form.cleaned_data
                )
                return redirect("complaints:misconduct_case", filed.token)
            except Refused as refusal:
                form.add_error(None, str(refusal))
    context = {"form": form, "shop": shop}
    return render_page(request, "complaints/misconduct.html", context, status=status)


@allow(GET=signed_in, POST=signed_in)
def case(request: SignedInRequest, token: str) -> HttpResponse:
    mine = MisconductReport.objects.filed_by(request.user).select_related("shop")
    found = get_object_or_404(mine, token=token)
    form, status = WordsForm.fresh(), 200
    if request.method == "POST":
        form, status = WordsForm(request.POST), 422
        if form.is_valid():
            try:
                actions.answer_misconduct(found, by=request.user, moment=timezone.now(), **form.cleaned_data)
                return redirect("complaints:misconduct_case", token)
            except Refused as refusal:
                form.add_error(None, str(refusal))
                status = refusal.status
    context = {"report": found, "replies": found.replies.order_by("pk"), "form": form}
    return render_page(request, "complaints/misconduct_case.html", context, status=status)

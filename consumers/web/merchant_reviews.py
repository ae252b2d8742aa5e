"""What a merchant's customers say: those without an answer first."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from consumers import actions
from consumers.models import Report, Review
from consumers.web.review_forms import AnswerForm, ReportForm
from merchants.models import Role
from merchants.web.access import MerchantRequest, merchant_staff
from portal.kernel.access import allow
from portal.kernel.refused import Refused
from portal.kernel.web import page_of, render_page

READS = merchant_staff(Role.MANAGER)
PAGE = 20


@allow(GET=READS)
def of_merchant(request: MerchantRequest, merchant: str) -> HttpResponse:
    """Newest first; ``?all=1`` shows the answered ones too."""
    rows, everything = Review.objects.of(request.merchant), "all" in request.GET
    chosen = (rows if everything else rows.unanswered()).in_full()
    context = {
        "page": page_of(chosen, request, size=PAGE, newest_by="written_at"),
        "everything": everything,
        "unanswered": rows.unanswered().count(),
        "reports": Report.objects.filter(review__shop__merchant=request.merchant, from_shop=True)
        .select_related("review__shop", "decision")
        .order_by("-pk")[:PAGE],
    }
    return render_page(request, "consumers/of_merchant.html", context)


@allow(GET=READS, POST=READS)
def reply(request: MerchantRequest, merchant: str, token: str) -> HttpResponse:
    """One public answer, which can be changed."""
    review = _ours(request, token)
    before = review.reply.said if review.answered_at else ""
    form, status = AnswerForm(initial={"said": before}), 200
    if request.method == "POST":
        form, status = AnswerForm(request.POST), 422
        if form.is_valid():
            try:
                actions.answer(review, form.cleaned_data["said"], merchant=request.merchant, by=request.user)
                messages.success(request, _("Your answer stands below the review."))
                return redirect("consumers:of_merchant", merchant)
            except Refused as refusal:
                form.add_error(None, str(refusal))
    return _page(request, "consumers/reply.html", review, form, status)


@allow(GET=READS, POST=READS)
def report(request: MerchantRequest, merchant: str, token: str) -> HttpResponse:
    """A shop can't take a review away; it can say which rule it breaks."""
    review = _ours(request, token)
    form, status = ReportForm(), 200
    if request.method == "POST":
        form, status = ReportForm(request.POST), 422
        if form.is_valid():
            try:
                actions.report(review, by=request.user, merchant=request.merchant, **form.cleaned_data)
                messages.success(request, _("Reported. You read the decision here."))
                return redirect("consumers:of_merchant", merchant)
            except Refused as refusal:
                form.add_error(None, str(refusal))
    return _page(request, "consumers/report_to_staff.html", review, form, status)


def _ours(request: MerchantRequest, token: str) -> Review:
    return get_object_or_404(Review.objects.of(request.merchant).in_full(), token=token)


def _page(request: MerchantRequest, template: str, review: Review, form: Any, status: int) -> HttpResponse:
    return render_page(request, template, {"review": review, "form": form}, status=status)

"""What a person does with complaints: report, follow, answer, say that it is solved or still isn't."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from complaints import actions
from complaints.models import Attachment, Complaint, MisconductReport
from complaints.outsiders import nothing_here
from complaints.web.case_page import Place, decided, shown_or_answered
from complaints.web.files import answered_with
from complaints.web.forms import ReportForm
from consumers.models import Review
from coupons.models import Coupon
from merchants.models import Shop
from orders.models import Purchase
from portal.kernel.access import allow, signed_in
from portal.kernel.refused import Refused
from portal.kernel.web import render_page

SHOWN = 100  # of one person's own cases; nobody has more to read at once


def _purchase(request: HttpRequest, shop: Shop) -> Purchase | None:
    token = request.GET.get("purchase")
    if not token:
        return None
    return get_object_or_404(Purchase.objects.made_by(request.user), shop=shop, token=token)  # type: ignore[arg-type]


def _review(request: HttpRequest, shop: Shop) -> Review | None:
    """The person's own review that the complaint begins with."""
    token = request.GET.get("review")
    if not token:
        return None
    mine = Review.objects.written_by(request.user).select_related("purchase")  # type: ignore[arg-type]
    return get_object_or_404(mine, shop=shop, token=token)


def _coupon(request: HttpRequest, shop: Shop) -> Coupon | None:
    token = request.GET.get("coupon")
    if not token:
        return None
    mine = Coupon.objects.held_by(request.user)  # type: ignore[arg-type]
    return get_object_or_404(mine, merchant=shop.merchant_id, token=token)


@dataclass(frozen=True)
class About:
    """What of the person's own the report begins with: a review, a purchase or a coupon."""

    purchase: Purchase | None
    coupon: Coupon | None
    review: Review | None

    def words(self) -> dict[str, str]:
        """What was said already needn't be typed again; service is what most low stars are about."""
        if self.coupon:
            return {"reason": "card"}
        return {"said": self.review.said, "reason": "quality"} if self.review else {}


def _about(request: HttpRequest, shop: Shop) -> About:
    """A shop that isn't listed any more still answers for what was bought there."""
    review, coupon = _review(request, shop), _coupon(request, shop)
    purchase = review.purchase if review else _purchase(request, shop)
    if not (shop.is_listed or purchase or coupon):
        raise Http404
    return About(purchase, coupon, review)


@allow(GET=signed_in, POST=signed_in)
def report(request: HttpRequest, shop: str) -> HttpResponse:
    place = get_object_or_404(Shop.objects.select_related("merchant"), slug=shop)
    about = _about(request, place)
    form, status = ReportForm.fresh(initial=about.words()), 200
    if request.method == "POST":
        form, status = ReportForm(request.POST, request.FILES), 422
        if form.is_valid():
            try:
                return redirect("complaints:case", _filed(request, place, about, form).token)
            except Refused as refusal:
                form.add_error(None, str(refusal))
    context = {"shop": place, "purchase": about.purchase, "coupon": about.coupon, "form": form}
    return render_page(request, "complaints/report.html", context, status=status)


def _filed(request: HttpRequest, shop: Shop, about: About, form: ReportForm) -> Complaint:
    return actions.file_complaint(
        request.user,  # type: ignore[arg-type]
        shop=shop,
        purchase=about.purchase,
        coupon=about.coupon,
        moment=timezone.now(),
        **form.cleaned_data,
    )


@allow(GET=signed_in)
def mine(request: HttpRequest) -> HttpResponse:
    filed = Complaint.objects.filed_by(request.user)  # type: ignore[arg-type]
    complaints = filed.select_related("shop", "reason").order_by("-pk")[:SHOWN]
    reports = MisconductReport.objects.filed_by(request.user).order_by("-pk")[:SHOWN]  # type: ignore[arg-type]
    return render_page(request, "complaints/mine.html", {"complaints": complaints, "reports": reports})


def _case(request: HttpRequest, token: str) -> Complaint:
    whole = Complaint.objects.select_related("shop", "purchase", "person", "reason")
    complaint = get_object_or_404(whole, token=token)
    if complaint.person_id != request.user.pk:
        raise nothing_here(request, complaint)
    return complaint


@allow(GET=signed_in, POST=signed_in)
def case(request: HttpRequest, token: str) -> HttpResponse:
    return shown_or_answered(request, _case(request, token), _place(token))


@allow(GET=signed_in)
def file(request: HttpRequest, token: str, code: str) -> HttpResponseBase:
    """A file of a case, to those of the case; anybody else is told that there is none, and noted."""
    files = Attachment.objects.select_related("complaint", "reply")
    found = get_object_or_404(files, complaint__token=token, code=code)
    return answered_with(found, by=request.user)  # type: ignore[arg-type]


@allow(POST=signed_in)
def decide(request: HttpRequest, token: str) -> HttpResponse:
    return decided(request, _case(request, token), _place(token))


def _place(token: str) -> Place:
    return Place(*(reverse(f"complaints:{name}", args=[token]) for name in ("case", "decide")))

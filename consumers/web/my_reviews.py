"""A person's own reviews: what waits to be written, what was said, what became of it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from consumers import actions
from consumers.models import Report, Review, State
from consumers.web.review_forms import EditForm
from consumers.web.reviews import waiting_for
from portal.kernel.access import SignedInRequest, allow, signed_in
from portal.kernel.refused import Refused
from portal.kernel.web import page_of, render_page

SHOWN = 20


@allow(GET=signed_in)
def mine(request: SignedInRequest) -> HttpResponse:
    """Purchases that wait for a word first, then one's reviews, then the reports one made."""
    written = Review.objects.written_by(request.user).in_full()
    reports = Report.objects.filter(by=request.user, from_shop=False)
    context = {
        "waiting": waiting_for(request.user)[:SHOWN],
        "page": page_of(written, request, size=SHOWN),
        "reports": reports.select_related("review__shop", "decision").order_by("-pk")[:SHOWN],
    }
    return render_page(request, "consumers/my_reviews.html", context)


@allow(GET=signed_in)
def one(request: SignedInRequest, token: str) -> HttpResponse:
    """One's own review with its state, the shop's answer, and what staff decided."""
    review = _mine(request, token)
    context = {
        "review": review,
        "decision": review.decisions.order_by("-pk").first(),
        "editable": _is_editable(review),
        "is_bad": review.stars <= 2 and review.state != State.WITHDRAWN,
    }
    return render_page(request, "consumers/my_review.html", context)


@allow(GET=signed_in, POST=signed_in)
def edit(request: SignedInRequest, token: str) -> HttpResponse:
    review = _mine(request, token)
    if request.method != "POST":
        return _edit_page(request, review, EditForm.fresh(review=review))
    form = EditForm(request.POST, request.FILES, review=review)
    if form.is_valid():
        try:
            pictures, without = form.stored(), form.cleaned_data["without"]
            actions.edit_review(review, form.what, pictures=pictures, without=without)
            messages.success(request, _("Saved"))
            return redirect("consumers:my_review", token)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _edit_page(request, review, form, status=422)


def _edit_page(request: SignedInRequest, review: Review, form: EditForm, status: int = 200) -> HttpResponse:
    context = {"shop": review.shop, "review": review, "form": form, "editable": _is_editable(review)}
    return render_page(request, "consumers/edit_review.html", context, status=status)


@allow(POST=signed_in)
def withdraw(request: SignedInRequest, token: str) -> HttpResponse:
    """Nobody reads it from now on; the page of it says so."""
    actions.withdraw(_mine(request, token), by=request.user)
    messages.success(request, _("Taken back. Nobody reads it any more."))
    return redirect("consumers:my_reviews")


def _mine(request: SignedInRequest, token: str) -> Review:
    return get_object_or_404(Review.objects.written_by(request.user).in_full(), token=token)


def _is_editable(review: Review) -> bool:
    in_time = timezone.now() <= review.written_at + actions.EDIT_WITHIN
    return in_time and review.state in (State.SHOWN, State.HELD)

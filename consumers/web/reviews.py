"""What everybody reads about a shop, and the form to add to it."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from consumers import actions
from consumers.models import Aspect, Kind, Review, Score, Tag
from consumers.web.review_forms import ReportForm, ReviewForm
from merchants.models import Shop
from orders.models import Purchase
from portal.kernel.access import SignedInRequest, allow, anyone, signed_in
from portal.kernel.refused import Refused
from portal.kernel.web import page_of, render_page

PAGE = 20
ORDERS = {"useful": "useful_at", "new": "written_at"}


@dataclass(frozen=True)
class Asked:
    """What the address asks for; whatever it doesn't know is left out."""

    kind: str
    order: str
    tag: str
    stars: int

    @classmethod
    def of(cls, query: Any) -> "Asked":
        said = query.get("stars", "")
        return cls(
            kind=query.get("kind", "") if query.get("kind") in Kind.values else Kind.VERIFIED,
            order=query.get("sort", "") if query.get("sort") in ORDERS else "useful",
            tag=query.get("tag", "") if query.get("tag") in Tag.values else "",
            stars=int(said) if said in ("1", "2", "3", "4", "5") else 0,
        )

    def to(self, **changes: Any) -> str:
        """The address of the same page with something else chosen."""
        asked = {"kind": self.kind, "sort": self.order, "tag": self.tag, "stars": self.stars} | changes
        plain = {"kind": Kind.VERIFIED, "sort": "useful"}
        chosen = {name: value for name, value in asked.items() if value and plain.get(name) != value}
        return f"?{urlencode(chosen)}"

    def rows(self, shop: Shop) -> Any:
        rows = Review.objects.about(shop).shown().filter(kind=self.kind)
        rows = rows.filter(tags__contains=[self.tag]) if self.tag else rows
        return rows.filter(stars=self.stars) if self.stars else rows


def shop_or_404(slug: str) -> Shop:
    row = Shop.objects.select_related("merchant", "category").filter(slug=slug, is_listed=True).first()
    if row is None or row.category.is_discovery_only:
        raise Http404
    return row


@allow(GET=anyone)
def reviews(request: HttpRequest, shop: str) -> HttpResponse:
    """Verified ones first, ordinary ones behind their own tab; filters are in the address."""
    row, asked = shop_or_404(shop), Asked.of(request.GET)
    scores = Score.objects.of(row)
    about = Review.objects.about(row).shown().filter(kind=asked.kind)
    page = page_of(asked.rows(row).in_full(), request, size=PAGE, newest_by=ORDERS[asked.order])
    context = {
        "shop": row,
        "asked": asked,
        "page": page,
        "verified": scores["verified"],
        "ordinary": scores["ordinary"],
        "kinds": [
            (kind.label, asked.to(kind=kind.value, tag="", stars=0), asked.kind == kind, scores[kind].count)
            for kind in Kind
        ],
        "bars": bars(scores[asked.kind], asked),
        "aspects": aspects(scores[asked.kind]),
        "tags": [
            (Tag(tag).label, number, asked.to(tag="" if asked.tag == tag else tag), asked.tag == tag)
            for tag, number in about.tags_counted()
        ],
        "orders": [("useful", asked.to(sort="useful")), ("new", asked.to(sort="new"))],
        "everything": asked.to(tag="", stars=0),
    }
    return render_page(request, "consumers/reviews.html", context)


def bars(score: Score, asked: Asked) -> list[dict[str, Any]]:
    """How many gave five, four … stars, as links that show only those."""
    return [
        {
            "stars": stars,
            "count": score.stars[stars - 1],
            "of": max(score.count, 1),
            "href": asked.to(stars=0 if asked.stars == stars else stars),
            "on": asked.stars == stars,
        }
        for stars in (5, 4, 3, 2, 1)
    ]


def aspects(score: Score) -> list[tuple[Any, float]]:
    """The mean of each aspect that at least five people answered."""
    sums = [(one.label, getattr(score, f"{one}_sum"), getattr(score, f"{one}_count")) for one in Aspect]
    return [(label, total / count) for label, total, count in sums if count >= Score.LEAST]


def _purchase(request: SignedInRequest, shop: Shop) -> Purchase | None:
    token = request.GET.get("purchase")
    if not token:
        return None
    mine = Purchase.objects.made_by(request.user).select_related("shop")
    return get_object_or_404(mine, shop=shop, token=token)


@allow(GET=signed_in, POST=signed_in)
def write(request: SignedInRequest, shop: str) -> HttpResponse:
    """With ``?purchase=`` it becomes a verified review, without one an ordinary one."""
    row = shop_or_404(shop)
    purchase = _purchase(request, row)
    if request.method != "POST":
        return _write_page(request, row, purchase, ReviewForm.fresh())
    form = ReviewForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            key, pictures = form.cleaned_data["key"], form.stored()
            written = actions.write_review(
                request.user, row, form.what, key=key, purchase=purchase, pictures=pictures
            )
            return redirect("consumers:my_review", written.token)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return _write_page(request, row, purchase, form, status=422)


def _write_page(
    request: SignedInRequest, shop: Shop, purchase: Purchase | None, form: ReviewForm, status: int = 200
) -> HttpResponse:
    context = {
        "shop": shop,
        "purchase": purchase,
        "form": form,
        "waiting": None if purchase else waiting_for(request.user).filter(shop=shop).first(),
    }
    return render_page(request, "consumers/write_review.html", context, status=status)


def waiting_for(user: Any) -> Any:
    """The person's purchases that can still be reviewed, the latest first."""
    since = timezone.now() - actions.REVIEW_WITHIN
    mine = Purchase.objects.made_by(user).standing().filter(made_at__gt=since, reviews=None)
    return mine.filter(shop__is_listed=True).select_related("shop", "merchant").order_by("-pk")


@allow(GET=signed_in, POST=signed_in)
def report(request: SignedInRequest, shop: str, token: str) -> HttpResponse:
    """Anybody may say that a review breaks the rules; staff decide and say why."""
    place = get_object_or_404(Shop.objects.select_related("merchant"), slug=shop)
    review = get_object_or_404(Review.objects.shown().in_full(), shop=place, token=token)
    form, status = ReportForm(), 200
    if request.method == "POST":
        form, status = ReportForm(request.POST), 422
        if form.is_valid():
            try:
                actions.report(review, by=request.user, **form.cleaned_data)
                return redirect(f"{reverse('consumers:my_reviews')}#reports")
            except Refused as refusal:
                form.add_error(None, str(refusal))
    context = {"shop": place, "review": review, "form": form}
    return render_page(request, "consumers/report_review.html", context, status=status)

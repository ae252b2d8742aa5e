"""What consumers adds to other pages: reviews on storefront and receipt, the preview, the staff's queues."""

from typing import Any

from django.conf import settings
from django.db.models import Count, Min
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

import consumers.kinds  # noqa: F401 - registers them in every process
from consumers.actions import REVIEW_WITHIN, is_asked, way_to_review
from consumers.models import Conversation, ConversationReport, FollowedShop, Kind, Review
from consumers.pictures import can_draw, facts_of, picture_path
from consumers.web.passes import WALLETS
from consumers.web.storefront import about
from loyalty.models import Card, MediumKind
from merchants.models import Shop
from merchants.trust.along import goes_along
from orders.models import Purchase
from portal.kernel.dates import span
from portal.kernel.models import User
from portal.kernel.slots import fills

SAID_ON_STOREFRONT = 3


@fills("shop.preview")
def preview(request: HttpRequest, *, shop: Shop, drafts: bool = False, **inputs: Any) -> str:
    """The storefront as it will look, from the same template; with ``drafts`` of notices in their places."""
    return render_to_string("consumers/about_shop.html", about(shop, None, drafts=drafts), request)


# A shop's reviews are about the place: they follow it into the listing that it is merged into.
goes_along(Review)
goes_along(FollowedShop, unless_there=("person_id",))
goes_along(Conversation, unless_there=("merchant_id", "person_id"))


@fills("storefront.reviews")
def reviews(request: HttpRequest, *, shop: Shop, **inputs: Any) -> str:
    """The most useful verified ones; the rest stands on its own page."""
    said = Review.objects.about(shop).shown().filter(kind=Kind.VERIFIED).in_full()
    chosen = list(said.order_by("-useful_at", "-pk")[:SAID_ON_STOREFRONT]) if shop.rating_count else []
    return render_to_string("consumers/reviews_slot.html", {"shop": shop, "said": chosen}, request)


@fills("notifications.more")
def muting(request: HttpRequest, **inputs: Any) -> str:
    """From what may come to which shops may send it."""
    return render_to_string("consumers/muting_slot.html", {}, request)


@fills("receipt.actions")
def review_purchase(request: HttpRequest, *, purchase: Purchase, **inputs: Any) -> SafeString | str:
    """Only for the person who bought, and only while the purchase can be reviewed."""
    customer = purchase.customer
    if not customer or customer.user_id is None or customer.user_id != request.user.pk or purchase.undone_at:
        return ""
    written = Review.objects.filter(purchase=purchase).values_list("token", flat=True).first()
    if written:
        href, words = reverse("consumers:my_review", args=[written]), _("My review")
    elif timezone.now() <= purchase.made_at + REVIEW_WITHIN and purchase.shop.is_listed:
        href, words = way_to_review(purchase), _("Write a review")
    else:
        return ""
    return format_html('<a class="button" data-kind="secondary" href="{}">{}</a>', href, words)


@fills("staff.queues")
def queue(request: HttpRequest, **inputs: Any) -> SafeString | str:
    """Reviews that wait for a decision, for those who may give it."""
    if not request.user.has_perm("consumers.moderate_review"):
        return ""
    found = Review.objects.waiting_for_staff().aggregate(waiting=Count("pk"), oldest=Min("written_at"))
    oldest = span(timezone.now() - found["oldest"]) if found["oldest"] else ""
    context = {"waiting": found["waiting"], "oldest": oldest}
    return render_to_string("consumers/_queue.html", context, request=request)


@fills("staff.queues")
def reported_conversations(request: HttpRequest, **inputs: Any) -> SafeString | str:
    """Conversations that one side asked staff to read, for those who may."""
    if not request.user.has_perm("consumers.moderate_conversation"):
        return ""
    open_ones = ConversationReport.objects.filter(decided_at=None)
    found = open_ones.aggregate(waiting=Count("conversation", distinct=True), oldest=Min("at"))
    oldest = span(timezone.now() - found["oldest"]) if found["oldest"] else ""
    context = {"waiting": found["waiting"], "oldest": oldest}
    return render_to_string("consumers/_reported.html", context, request=request)


@fills("storefront.trust")
def ask_whether_it_is_true(request: HttpRequest, *, shop: Shop, **inputs: Any) -> str:
    """Who bought something here lately is asked, once a quarter, whether the listing is still true."""
    person = request.user
    if not isinstance(person, User) or not shop.is_listed or not getattr(shop, "been_here", False):
        return ""
    purchase = is_asked(shop, person, timezone.now())
    if purchase is None:
        return ""
    context = {"shop": shop, "purchase": purchase}
    return render_to_string("consumers/_still_true.html", context, request)


@fills("storefront.follow")
def follow(request: HttpRequest, *, shop: Shop, **inputs: Any) -> str:
    """A visitor is asked to sign in when they press it."""
    followed = getattr(shop, "followed", False)
    return render_to_string("consumers/follow_slot.html", {"shop": shop, "followed": followed}, request)


@fills("shop.share")
def share_pictures(request: HttpRequest, *, shop: Shop, **inputs: Any) -> str:
    """The pictures of a shop for chats, where the portal can draw them."""
    if not shop.is_listed or not can_draw():
        return ""
    facts = facts_of(shop, f"{settings.SITE_URL}{shop.get_absolute_url()}")
    context = {shape: picture_path(shop, facts, shape) for shape in ("card", "poster")}
    return render_to_string("consumers/share_pictures.html", context, request)


@fills("card.media")
def wallets_of_the_phone(request: HttpRequest, *, card: Card, revoke: str, **inputs: Any) -> str:
    """The holder's way to a pass, where one can be made; not on the merchant's page of the card."""
    kinds = [MediumKind(kind) for kind, wallet in WALLETS.items() if wallet.is_configured()]
    if not kinds or not revoke.startswith("consumers:"):
        return ""
    return render_to_string("consumers/_wallets.html", {"card": card, "kinds": kinds}, request=request)

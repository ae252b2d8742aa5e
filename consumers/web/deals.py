"""The offers board: what is running around somebody, by distance or by the end that comes first."""

from datetime import datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from consumers.actions import HERE_TEXT, share_position, stop_sharing
from consumers.deals import deals_around
from consumers.models import HereNow
from consumers.position import position_of
from consumers.wanted import Tree
from consumers.ways import Chip
from portal.kernel.access import SignedInRequest, allow, anyone, signed_in
from portal.kernel.web import render_page

PAGE = 60
ENDING = "ending"


@allow(GET=anyone)
def deals(request: HttpRequest) -> HttpResponse:
    moment, tree, position = timezone.now(), Tree(), position_of(request)
    kind, sort = tree.by_slug.get(request.GET.get("cat", "")), request.GET.get("sort", "")
    by_ending = sort == ENDING
    kinds = [row.pk for row in (kind, *tree.below(kind))] if kind else []
    found = deals_around(position, moment, to=request.user, kinds=kinds, by_ending=by_ending)
    slug = kind.slug if kind else ""
    context = {
        "deals": found[:PAGE],
        "position": position,
        "here": _here(request, moment),
        "here_text": HERE_TEXT,
        "sorts": [
            Chip("sort-distance", _("Nearest"), _to(slug, ""), not by_ending),
            Chip("sort-ending", _("Ending first"), _to(slug, ENDING), by_ending),
        ],
        "kinds": [
            Chip(f"cat-{row.slug}", row.name, _to("" if row == kind else row.slug, sort), row == kind)
            for row in tree.roots
            if not row.is_discovery_only
        ],
    }
    return render_page(request, "consumers/deals.html", context)


def _here(request: HttpRequest, moment: datetime) -> HereNow | None:
    if not request.user.is_authenticated:
        return None
    return HereNow.objects.filter(person=request.user, until__gt=moment).first()


@allow(POST=signed_in)
def here(request: SignedInRequest) -> HttpResponse:
    """``share`` is yes or no. Only a position that the device told is one where somebody is."""
    position = position_of(request)
    if request.POST.get("share") == "no":
        stop_sharing(request.user)
        messages.success(request, _("Your position is erased."))
    elif position.own:
        share_position(request.user, position.lat, position.lon)
        messages.success(request, _("Deals nearby may reach you for 30 minutes."))
    else:
        messages.warning(request, _("Let the device tell where you are first: “Use my location” on Nearby."))
    return redirect("consumers:deals")


def _to(category: str, sort: str) -> str:
    pairs = [("cat", category), ("sort", ENDING if sort == ENDING else "")]
    query = urlencode([pair for pair in pairs if pair[1]])
    return reverse("consumers:deals") + (f"?{query}" if query else "")

"""Old addresses of listings that were merged: every page of theirs leads to the same page of the survivor."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponsePermanentRedirect
from django.utils import timezone

from merchants.models import Merge, Shop
from merchants.models.merging import UNDOABLE_FOR

OF_A_SHOP = re.compile(r"/s/([-\w]+)(/.*)")
LONGEST_CHAIN = 20  # merges of merges; each step is one look-up by primary key


def survivor_of(shop: Shop) -> Shop:
    """The listing that stands for this one now; itself where it wasn't merged."""
    for _step in range(LONGEST_CHAIN):
        if shop.merged_into is None:
            break
        shop = shop.merged_into
    return shop


class MovedShops:
    """A page that isn't there, below a merged listing's address, is looked for at the survivor's.

    Found while the merge can be undone (302), moved for good afterwards (301).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 404 or request.method not in ("GET", "HEAD"):
            return response
        found = OF_A_SHOP.fullmatch(request.path_info)
        merge = found and (
            Merge.objects.standing().filter(gone__slug=found[1]).select_related("survivor").first()
        )
        if not found or not merge:
            return response
        query = request.META.get("QUERY_STRING", "")
        onward = f"/s/{survivor_of(merge.survivor).slug}{found[2]}{'?' if query else ''}{query}"
        for_good = merge.merged_at <= timezone.now() - UNDOABLE_FOR
        return HttpResponsePermanentRedirect(onward) if for_good else HttpResponseRedirect(onward)

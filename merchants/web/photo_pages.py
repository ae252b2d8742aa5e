"""Pictures of a shop: the wizard's photo step, the album, and the address they are served from."""

from typing import Any

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from merchants import actions, photos
from merchants.models import Photo, Shop
from merchants.steps import Step
from merchants.web.access import MerchantRequest
from merchants.web.forms import PhotoForm
from merchants.web.step_page import EDITS, go_on, shop_or_404, step_page
from merchants.web.storefront_forms import PhotoWordsForm
from portal.kernel.access import allow, anyone
from portal.kernel.refused import Refused

A_YEAR = 31_536_000


@allow(GET=EDITS, POST=EDITS)
def photo(request: MerchantRequest, merchant: str, shop: str) -> HttpResponse:
    """One photo now, or the category's drawn cover; more at any time later."""
    row = shop_or_404(request, shop)
    if request.method != "POST":
        return _page(request, row, PhotoForm())
    if "keep" in request.POST:
        actions.keep_cover(row)
        return go_on(request, row, Step.PHOTO)
    form = PhotoForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            actions.add_photo(row, form.cleaned_data["photo"], **form.said())
            return redirect(request.path)
        except Refused as refusal:
            form.add_error("photo", str(refusal))
    return _page(request, row, form, status=422)


def _page(request: MerchantRequest, shop: Shop, form: PhotoForm, status: int = 200) -> HttpResponse:
    album = [(row, PhotoWordsForm.showing(row)) for row in shop.photos.order_by("position", "pk")]
    context: dict[str, Any] = {"form": form, "photos": album}
    return step_page(request, shop, Step.PHOTO, context, status=status)


@allow(POST=EDITS)
def change_photo(request: MerchantRequest, merchant: str, shop: str, photo: int) -> HttpResponse:
    """Move one picture up or down, describe it or take it away."""
    row = get_object_or_404(shop_or_404(request, shop).photos.all(), pk=photo)
    _change(row, request.POST)
    return redirect("merchants:shop_photo", merchant, shop)


def _change(photo: Photo, wanted: Any) -> None:
    if "remove" in wanted:
        actions.remove_photo(photo)
        return
    if "up" in wanted or "down" in wanted:
        actions.move_photo(photo, up="up" in wanted)
        return
    form = PhotoWordsForm(wanted)
    if form.is_valid():
        actions.describe_photo(photo, **form.cleaned_data)


@allow(GET=anyone)
def media(request: MerchantRequest, stem: str, width: str) -> HttpResponse | FileResponse:
    """A stored picture. Its name is random and its content never changes, so it may be kept for a year."""
    path = photos.path_of(stem, int(width))
    if int(width) not in photos.WIDTHS or not default_storage.exists(path):
        raise Http404
    return FileResponse(
        default_storage.open(path),
        content_type="image/webp",
        headers={
            "Cache-Control": f"public, max-age={A_YEAR}, immutable",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
            "Content-Disposition": "inline",
        },
    )

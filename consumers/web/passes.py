"""A member card in the phone's own wallet: made when asked for, fetched as a file or by a link."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from loyalty import actions
from loyalty.models import Card, CardMedium, MediumKind, MediumState
from loyalty.wallets import apple, google
from loyalty.wallets.face import face_of
from portal.kernel.access import SignedInRequest, allow, signed_in
from portal.kernel.web import render_page

WALLETS = {"apple": apple, "google": google}


def _mine(request: SignedInRequest, token: str) -> Card:
    return get_object_or_404(Card.objects.held_by(request.user).in_full(), token=token)


def _last(card: Card, kind: str) -> CardMedium | None:
    return CardMedium.objects.of(card).filter(kind=kind).first()


@allow(GET=signed_in, POST=signed_in)
def wallet_pass(request: SignedInRequest, token: str, kind: str) -> HttpResponse:
    """Makes the pass, or leads to the one there is."""
    if kind not in WALLETS or not WALLETS[kind].is_configured():
        raise Http404
    card = _mine(request, token)
    if request.method == "POST":
        actions.issue_pass(card, MediumKind(kind), by=request.user)
        return redirect("consumers:wallet_pass", token, kind)
    made = _last(card, kind)
    in_use = made if made and made.state == MediumState.LINKED else None
    context: dict[str, Any] = {"card": card, "kind": MediumKind(kind), "made": in_use}
    if in_use and kind == MediumKind.GOOGLE:
        face = face_of(card, in_use)
        now = int(timezone.now().timestamp())
        context["link"] = google.save_link(face, merchant=card.programme.merchant.slug, now=now)
    return render_page(request, "consumers/wallet_pass.html", context)


@allow(GET=signed_in)
def pkpass(request: SignedInRequest, token: str) -> HttpResponse:
    """The file for Apple Wallet. One that was revoked says so, and the phone greys it out."""
    card = _mine(request, token)
    made = _last(card, MediumKind.APPLE)
    if made is None or not apple.is_configured():
        raise Http404
    answer = HttpResponse(apple.pkpass(face_of(card, made)), content_type=apple.MIME)
    answer["Content-Disposition"] = f'attachment; filename="{card.programme.merchant.slug}.pkpass"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer

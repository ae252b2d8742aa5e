"""What a person sees of coupons: the offer to claim, the wallet, the ticket to show."""

from datetime import timedelta
from typing import cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from coupons import actions, words
from coupons.models import Coupon, CouponProgramme, Present, ProgrammeState
from coupons.questions import TABS, coupons_in_tab, refused_here
from coupons.saying import said_rules
from coupons.web.seeing import came_by, counted
from merchants.models import Shop
from portal.kernel.access import SignedInRequest, allow, anyone, signed_in
from portal.kernel.forms import KeyedForm
from portal.kernel.models import User
from portal.kernel.refused import Refused
from portal.kernel.web import render_page

SHOWN = 60
COUNTED = timedelta(hours=24)  # a deal that ends within a day shows the time that is left


def _offer(token: str) -> CouponProgramme:
    public = CouponProgramme.objects.select_related("merchant", "terms").exclude(state=ProgrammeState.DRAFT)
    return get_object_or_404(public, token=token, merchant__suspended_at=None)


def _shops(one: CouponProgramme | Coupon) -> list[Shop]:
    """Where it can be used, as far as people can go there."""
    listed = one.merchant.shops.listed().order_by("pk")
    return list((listed.filter(pk__in=one.terms.shops) if one.terms.shops else listed)[:5])


def _offer_page(
    request: HttpRequest, programme: CouponProgramme, form: KeyedForm, *, status: int = 200
) -> HttpResponse:
    held = (
        Coupon.objects.held_by(request.user).filter(programme=programme)
        if request.user.is_authenticated
        else ()
    )
    now = timezone.now()
    context = {
        "programme": programme,
        "stage": programme.stage_at(now),
        "now": now,
        "ends_soon": now < programme.ends_at <= now + COUNTED,
        "lasts": int((programme.ends_at - programme.starts_at).total_seconds()),
        "sentence": words.sentence(programme),
        "rules": said_rules(programme),
        "held": list(held),
        "shops": _shops(programme),
        "not_for_you": refused_here(request.user, programme, now),
        "form": form,
        "via": request.GET.get("via", ""),
        "page_url": f"{settings.SITE_URL}{request.path}",
    }
    return render_page(request, "coupons/offer.html", context, status=status)


@allow(GET=anyone, POST=signed_in)
def offer(request: HttpRequest, token: str) -> HttpResponse:
    """The offer's own page, for anybody with the link; claiming needs a person."""
    programme = _offer(token)
    if request.method != "POST":
        return _offer_page(request, programme, KeyedForm.fresh())
    form = KeyedForm(request.POST)
    if not form.is_valid():
        return _offer_page(request, programme, form, status=422)
    try:
        coupon = actions.claim_coupon(
            programme, cast(User, request.user), key=form.cleaned_data["key"], via=came_by(request, programme)
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        programme.refresh_from_db(fields=["claimed", "state", "ends_at"])  # the last one may just be gone
        return _offer_page(request, programme, form, status=refusal.status)
    messages.success(request, _("Yours. Show this code at the counter"))
    return counted(request, programme, redirect("coupons:ticket", coupon.token))


@allow(POST=anyone)
def seen(request: HttpRequest, token: str) -> HttpResponse:
    """The page tells that it was shown: a count per day, never who. Looking alone changes nothing."""
    published = CouponProgramme.objects.select_related("merchant").filter(state=ProgrammeState.PUBLISHED)
    return counted(request, get_object_or_404(published, token=token), HttpResponse(status=204))


@allow(GET=signed_in)
def mine(request: SignedInRequest) -> HttpResponse:
    tab = request.GET.get("tab", "usable")
    tab = tab if tab in TABS else "usable"
    coupons = coupons_in_tab(request.user, tab, timezone.now())[:SHOWN]
    return render_page(request, "coupons/mine.html", {"tab": tab, "coupons": coupons}, fragment="coupons")


def _link_of(present: Present) -> str:
    return f"{settings.SITE_URL}{reverse('coupons:present', args=[present.token])}"


@allow(GET=signed_in)
def ticket(request: SignedInRequest, token: str) -> HttpResponse:
    """The coupon with its code, made to be scanned at the counter and kept for a dead network."""
    coupon = get_object_or_404(Coupon.objects.held_by(request.user), token=token)
    present = coupon.presents.open().first() if coupon.is_held_at(timezone.now()) else None
    redemption = coupon.redemptions.filter(undone_at=None).select_related("shop").first()
    context = {
        "coupon": coupon,
        "rules": said_rules(coupon),
        "stage": coupon.stage_at(timezone.now()),
        "redemption": redemption,
        "form": KeyedForm.fresh(),
        "present": present,
        "present_url": _link_of(present) if present else "",
        "shops": _shops(coupon),
        "now": timezone.now(),
    }
    return render_page(request, "coupons/ticket.html", context)

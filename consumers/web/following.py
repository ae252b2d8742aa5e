"""What a person follows, how far they go, when they want quiet, and their usual areas."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consumers import actions
from consumers.area_words import drawn, shown
from consumers.areas import areas
from consumers.cells import read_cell
from consumers.models import AreaCell, AreaPurpose, FollowedCategory, FollowedShop, Interests
from consumers.position import read_point
from consumers.web.reviews import shop_or_404
from merchants.models import Category
from messaging.actions import set_quiet_hours
from messaging.forms import QuietForm
from messaging.models import Times
from portal.kernel.access import SignedInRequest, allow, signed_in
from portal.kernel.distances import distance
from portal.kernel.models import User
from portal.kernel.refused import Refused
from portal.kernel.web import render_page

NOTES_SEARCHES = "notes_searches"  # in the session: only browsers whose owner agreed cost a query


class FollowingForm(QuietForm):
    """Kinds of shops, how far, and when it is quiet."""

    kinds = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Kinds of shops"),
        queryset=Category.objects.none(),
        to_field_name="slug",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("Choose among the kinds shown")},
    )
    distance_m = forms.TypedChoiceField(
        label=gettext_lazy("How far would you go?"), coerce=int, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kinds"].queryset = Category.objects.roots()  # type: ignore[attr-defined]
        self.fields["distance_m"].choices = [(str(m), distance(m)) for m in Interests.DISTANCES]  # type: ignore[attr-defined]


def _interests(user: User) -> Interests:
    return Interests.objects.filter(person=user).first() or Interests(person=user)


@allow(GET=signed_in, POST=signed_in)
def following(request: SignedInRequest) -> HttpResponse:
    if request.method != "POST":
        return _page(request, FollowingForm(initial=_initial(request.user)))
    form = FollowingForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    said = form.cleaned_data
    actions.follow_kinds(request.user, said["kinds"], distance_m=said["distance_m"])
    set_quiet_hours(request.user, said["quiet_from"], said["quiet_until"])
    messages.success(request, _("Saved"))
    return redirect("consumers:following")


def _initial(user: User) -> dict[str, Any]:
    times = Times.objects.filter(person=user).first() or Times()
    kinds = FollowedCategory.objects.filter(person=user).values_list("category__slug", flat=True)
    return {
        "kinds": list(kinds),
        "distance_m": str(_interests(user).distance_m),
        "quiet_from": times.quiet_from,
        "quiet_until": times.quiet_until,
    }


def _page(request: SignedInRequest, form: FollowingForm, status: int = 200) -> HttpResponse:
    mine = _interests(request.user)
    if mine.searches_on:
        request.session[NOTES_SEARCHES] = True
    rows = AreaCell.objects.filter(person=request.user).order_by("-is_own", "-weight", "pk")
    squares = shown(list(rows) if mine.areas_on else [])
    followed = FollowedShop.objects.filter(person=request.user).select_related("shop__category")
    context = {
        "form": form,
        "interests": mine,
        "shops": followed.order_by("-pk"),
        "kinds": FollowedCategory.objects.filter(person=request.user).select_related("category"),
        "squares": squares,
        "map": drawn(squares),
        "areas": areas(),
        "texts": {purpose.value: text for purpose, text in actions.TEXTS.items()},
    }
    return render_page(request, "consumers/following.html", context, status=status)


@allow(POST=signed_in)
def usual_areas(request: SignedInRequest) -> HttpResponse:
    """One button, one act: switch on or off, take a square away, put one there."""
    try:
        _change(request)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    return redirect("/me/following/#areas")


def _change(request: SignedInRequest) -> None:
    person, sent = request.user, request.POST
    for purpose in (AreaPurpose.AREAS, AreaPurpose.SEARCHES):
        if purpose.value in sent:
            agreed = sent[purpose.value] == "yes"
            actions.agree_to_areas(person, purpose, agreed=agreed)
            if purpose == AreaPurpose.SEARCHES or not agreed:
                request.session.pop(NOTES_SEARCHES, None)
    if cell := read_cell(sent.get("remove", "")):
        actions.remove_area(person, cell)
        messages.success(request, _("Gone. It will not come back by itself."))
    if point := read_point(sent.get("add", "")):
        actions.add_area(person, *point)


@allow(POST=signed_in)
def follow(request: SignedInRequest, shop: str) -> HttpResponse:
    """``follow=yes`` or ``no``, said by the button; sending it twice changes nothing."""
    row = shop_or_404(shop)
    try:
        verb = actions.unfollow_shop if request.POST.get("follow") == "no" else actions.follow_shop
        verb(request.user, row)
    except Refused as refusal:
        messages.warning(request, str(refusal))
    back = "/me/following/" if "back" in request.POST else row.get_absolute_url()
    return redirect(back)


def note_search(request: HttpRequest, lat: float, lon: float) -> None:
    """Where the person looks from, as a coarse square, if they agreed to it in this browser."""
    if request.user.is_authenticated and request.session.get(NOTES_SEARCHES):
        actions.note_search(request.user, lat, lon)

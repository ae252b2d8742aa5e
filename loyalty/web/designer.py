"""The card designer: every step is a page of its own, saves on leaving, and Back loses nothing."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from loyalty import actions
from loyalty.look.designing import checks_of, draft_of, measured
from loyalty.models import FACES, CardPicture, DesignVersion, Layout, Programme
from loyalty.web.design_forms import GalleryForm, PictureForm, ReturnForm, TextForm, UploadForm
from loyalty.web.forms import NAMES
from merchants.models import Role, Shop
from merchants.web.access import MerchantRequest, merchant_staff
from portal.kernel.access import allow
from portal.kernel.codes import code_url, qr_svg
from portal.kernel.refused import Refused
from portal.kernel.web import render_page

manager = merchant_staff(Role.MANAGER)
STEPS = {
    "design": gettext_lazy("Face"),
    "design_picture": gettext_lazy("Picture"),
    "design_text": gettext_lazy("Text and colour"),
    "design_preview": gettext_lazy("Preview"),
}
VIEWS = {
    "light": pgettext_lazy("preview", "Phone"),
    "dark": pgettext_lazy("preview", "Dark"),
    "large": gettext_lazy("Large type"),
    "wallet": pgettext_lazy("preview", "Wallet"),
    "counter": pgettext_lazy("preview", "Counter"),
    "print": pgettext_lazy("preview", "Print"),
    "grey": gettext_lazy("Greyscale"),
}
MOST_VERSIONS = 20


def _step(request: MerchantRequest, name: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """One step around the draft as it is; ``context`` may bring a draft that was not saved."""
    places = list(STEPS)
    place = places.index(name)
    before = places[place - 1] if place else "cards"
    context = {
        "draft": draft_of(request.merchant),
        "step": name,
        "steps": [str(label) for label in STEPS.values()],
        "current": place + 1,
        "back": reverse(f"loyalty:{before}", args=[request.merchant.slug]),
        "back_label": STEPS.get(before, _("Member cards")),
        **context,
    }
    return render_page(request, f"loyalty/{name}.html", context, status=status)


def _go_on(request: MerchantRequest, name: str) -> HttpResponse:
    """To the next step, or to the same one again for who wants to look first."""
    places = list(STEPS)
    follows = name if "look" in request.POST else places[places.index(name) + 1]
    return redirect(f"loyalty:{follows}", request.merchant.slug)


@allow(GET=manager, POST=manager)
def gallery(request: MerchantRequest, merchant: str) -> HttpResponse:
    """Twelve faces with the shop's own name on them."""
    version = draft_of(request.merchant).version
    form = GalleryForm(request.POST) if request.method == "POST" else GalleryForm.showing(version)
    if form.is_valid():
        actions.save_step(request.merchant, by=request.user, **form.said())
        return _go_on(request, "design")
    faces = [(face, NAMES[face]) for face in FACES]
    context = {"form": form, "faces": faces, "chosen": form["face"].value()}
    return _step(request, "design", context, status=422 if form.is_bound else 200)


@allow(GET=manager, POST=manager)
def picture(request: MerchantRequest, merchant: str) -> HttpResponse:
    """No picture, or one of the shop's own: which part of it, and where it lies."""
    version = draft_of(request.merchant).version
    form = PictureForm(request.POST) if "layout" in request.POST else PictureForm.showing(version)
    upload = UploadForm()
    if request.method == "POST":
        try:
            if "none" in request.POST:
                actions.place_picture(request.merchant, Layout.NONE, by=request.user)
                return _go_on(request, "design_picture")
            if "upload" in request.POST:
                upload = UploadForm(request.POST, request.FILES)
                return _take_in(request, upload)
            if form.is_valid():
                return _place(request, form, version)
        except Refused as refusal:
            upload.add_error(None, str(refusal)) if upload.is_bound else form.add_error(None, str(refusal))
    status = 422 if request.method == "POST" else 200
    return _step(request, "design_picture", {"form": form, "upload": upload}, status=status)


def _take_in(request: MerchantRequest, upload: UploadForm) -> HttpResponse:
    """A picture that was just chosen lies all over the card until its place is changed."""
    if not upload.is_valid():
        return _step(
            request,
            "design_picture",
            {
                "form": PictureForm.showing(draft_of(request.merchant).version),
                "upload": upload,
            },
            status=422,
        )
    taken = actions.add_picture(request.merchant, upload.cleaned_data["picture"], by=request.user)
    placed = actions.place_picture(request.merchant, Layout.FULL, by=request.user, picture=taken)
    _say_scrim(request, placed, 0)
    return redirect("loyalty:design_picture", request.merchant.slug)


def _place(request: MerchantRequest, form: PictureForm, version: DesignVersion) -> HttpResponse:
    wanted = form.cleaned_data["scrim"] or 0
    taken = CardPicture.objects.filter(merchant=request.merchant, pk=version.picture_id or 0).first()
    placed = actions.place_picture(
        request.merchant,
        Layout(form.cleaned_data["layout"]),
        by=request.user,
        picture=taken,
        crop=form.crop(),
        scrim=wanted,
    )
    _say_scrim(request, placed, wanted)
    return _go_on(request, "design_picture")


def _say_scrim(request: MerchantRequest, placed: DesignVersion, wanted: int) -> None:
    if placed.layout == Layout.FULL and placed.scrim > wanted:
        said = _("We darkened the picture by %(scrim)s %%, so that the text on it can be read.")
        messages.info(request, said % {"scrim": placed.scrim})


@allow(GET=manager, POST=manager)
def text(request: MerchantRequest, merchant: str) -> HttpResponse:
    """Name, slogan, benefits, number, and a colour of one's own, if text can be read on it."""
    version = draft_of(request.merchant).version
    form = TextForm(request.POST) if request.method == "POST" else TextForm.showing(version)
    fixed = ""
    if form.is_valid():
        try:
            actions.save_step(request.merchant, by=request.user, **form.said(version))
            return _go_on(request, "design_text")
        except actions.HardToRead as refusal:
            form.add_error("base", str(refusal))
            fixed = refusal.fixed
    context = {"form": form, "fixed": fixed}
    return _step(request, "design_text", context, status=422 if form.is_bound else 200)


@allow(GET=manager)
def preview(request: MerchantRequest, merchant: str) -> HttpResponse:
    """The card as it will be met, what there is to say about it, and every version so far."""
    shown = request.GET.get("as", "light")
    draft = draft_of(request.merchant)
    context = {
        "draft": draft,
        "views": VIEWS.items(),
        "shown": shown if shown in VIEWS else "light",
        "checks": checks_of(draft.version),
        "sample": qr_svg(code_url("0000000000")),
        "ratio": f"{measured(draft.version):.1f}",
        "versions": DesignVersion.objects.lately(request.merchant, most=MOST_VERSIONS),
    }
    return _step(request, "design_preview", context)


@allow(POST=manager)
def publish(request: MerchantRequest, merchant: str) -> HttpResponse:
    try:
        actions.publish_design(request.merchant, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("loyalty:design", merchant)
    return redirect("loyalty:issue", merchant)


@allow(GET=manager)
def issue(request: MerchantRequest, merchant: str) -> HttpResponse:
    """The card is out: its link, its poster, and how to give it at the counter."""
    programme = Programme.objects.of(request.merchant.pk).in_full().first()
    if programme is None:
        return redirect("loyalty:design", merchant)
    shops = Shop.objects.of(request.merchant).listed().order_by("pk")
    return render_page(request, "loyalty/issue.html", {"programme": programme, "shops": shops[:10]})


@allow(POST=manager)
def undo(request: MerchantRequest, merchant: str) -> HttpResponse:
    """One version back, or with ``redo`` one forward; then the page it was asked on."""
    form = ReturnForm(request.POST)
    if form.is_valid():
        turn = actions.step_forward if "redo" in request.POST else actions.step_back
        turn(request.merchant, seen=form.cleaned_data["number"])
    asked = request.POST.get("step", "")
    return redirect(f"loyalty:{asked if asked in STEPS else 'design'}", merchant)


@allow(POST=manager)
def return_to(request: MerchantRequest, merchant: str) -> HttpResponse:
    form = ReturnForm(request.POST)
    versions = DesignVersion.objects.of(request.merchant)
    if form.is_valid() and versions.filter(number=form.cleaned_data["number"]).exists():
        actions.return_to(request.merchant, form.cleaned_data["number"])
        messages.success(request, _("The earlier version is back on the table."))
    return redirect("loyalty:design_preview", merchant)

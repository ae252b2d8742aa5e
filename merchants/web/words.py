"""What a shop says on its storefront: promise and good to know, notices with a draft, one service in full."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from merchants import actions
from merchants.actions.days import today_at
from merchants.models import Notice
from merchants.web.access import MerchantRequest
from merchants.web.step_page import EDITS, shop_or_404
from merchants.web.storefront_forms import NoticeForm, ServiceWordsForm, WordsForm
from portal.kernel.access import allow
from portal.kernel.refused import Refused
from portal.kernel.web import render_page


@allow(GET=EDITS, POST=EDITS)
def words(request: MerchantRequest, merchant: str, shop: str) -> HttpResponse:
    row = shop_or_404(request, shop)
    form = WordsForm(request.POST) if request.method == "POST" else WordsForm.showing(row)
    if request.method == "POST" and form.is_valid():
        actions.say_more(row, **form.cleaned_data)
        messages.success(request, _("Saved"))
        return redirect("merchants:shop", merchant, shop)
    status = 422 if form.errors else 200
    return render_page(request, "merchants/words.html", {"shop": row, "form": form}, status=status)


@allow(GET=EDITS, POST=EDITS)
def notices(request: MerchantRequest, merchant: str, shop: str) -> HttpResponse:
    """What customers see now, what waits as a draft, and the form for the next one."""
    row = shop_or_404(request, shop)
    form = NoticeForm(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        try:
            draft = actions.draft_notice(row, **form.cleaned_data)
            return _drafted(request, draft)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    today = today_at(row)
    context = {
        "shop": row,
        "today": today,
        "notices": list(row.notices.current().select_related("replaces")),
        "form": form or NoticeForm.fresh(initial={"from_on": today}),
    }
    return render_page(request, "merchants/notices.html", context, status=422 if form else 200)


@allow(GET=EDITS, POST=EDITS)
def notice(request: MerchantRequest, merchant: str, shop: str, notice: int) -> HttpResponse:
    """Change one; of a published one customers go on seeing the old words until the draft is published."""
    row = _own(request, shop, notice)
    if hasattr(row, "replacement") and row.replacement.withdrawn_at is None:
        return redirect("merchants:notice", merchant, shop, row.replacement.pk)
    initial = {name: getattr(row, name) for name in ("text", "text_en", "from_on", "until_on")}
    form = NoticeForm(request.POST) if request.method == "POST" else NoticeForm.fresh(initial=initial)
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in initial}
        try:
            return _drafted(request, actions.revise_notice(row, **said))
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {"shop": row.shop, "notice": row, "form": form}
    return render_page(request, "merchants/notice.html", context, status=422 if form.errors else 200)


def _drafted(request: MerchantRequest, draft: Notice) -> HttpResponse:
    """Published at once or looked at first, whichever button it was."""
    if request.POST.get("do") == "publish":
        actions.publish_notice(draft)
        messages.success(request, _("Customers see the notice from its first day on."))
        return redirect("merchants:notices", request.merchant.slug, draft.shop.slug)
    return redirect("merchants:shop_preview", request.merchant.slug, draft.shop.slug)


@allow(POST=EDITS)
def change_notice(request: MerchantRequest, merchant: str, shop: str, notice: int) -> HttpResponse:
    row = _own(request, shop, notice)
    verbs: dict[str, Any] = {"publish": actions.publish_notice, "withdraw": actions.withdraw_notice}
    if verb := verbs.get(request.POST.get("do", "")):
        try:
            verb(row)
            messages.success(request, _("Saved"))
        except Refused as refusal:
            messages.error(request, str(refusal))
    return redirect("merchants:notices", merchant, shop)


def _own(request: MerchantRequest, shop: str, notice: int) -> Notice:
    mine = shop_or_404(request, shop).notices.select_related("shop__merchant", "shop__category")
    return get_object_or_404(mine, pk=notice)


@allow(GET=EDITS)
def preview(request: MerchantRequest, merchant: str, shop: str) -> HttpResponse:
    """The storefront as customers will see it once every draft is published."""
    row = shop_or_404(request, shop)
    context = {"shop": row, "drafts": list(row.notices.drafts())}
    return render_page(request, "merchants/preview.html", context)


@allow(GET=EDITS, POST=EDITS)
def service(request: MerchantRequest, merchant: str, shop: str, service: int) -> HttpResponse:
    """One line of the price list in full: what is included, its picture, where else it is offered."""
    own = shop_or_404(request, shop).services.offered().select_related("shop__merchant", "photo")
    row = get_object_or_404(own, pk=service)
    form = ServiceWordsForm(row, request.POST) if request.method == "POST" else ServiceWordsForm.showing(row)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        outlets = said.pop("outlets", None)
        try:
            actions.describe_service(row, **said)
            if outlets is not None:
                actions.offer_at(row, list(outlets))
            messages.success(request, _("Saved"))
            return redirect("merchants:shop", merchant, shop)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {"shop": row.shop, "service": row, "form": form}
    return render_page(request, "merchants/service.html", context, status=422 if form.errors else 200)
